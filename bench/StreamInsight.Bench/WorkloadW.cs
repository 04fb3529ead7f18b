using System.Globalization;
using System.Text;

namespace StreamInsight.Bench;

/// <summary>
/// Workload W: Segment track messages of about 215 bytes, customers with Zipf skew, 8 event names, 6 channels, 2 % up to 5 minutes late.
/// Deterministic: the same bytes everywhere.
/// </summary>
internal sealed record WorkloadW(int Events = 2_000_000, int Customers = 100_000, double Skew = 1.0, double Hours = 48)
{
    private const long StartMs = 1_790_000_000_000;

    private static readonly string[] Names = ["page_view", "product_view", "add_to_cart", "purchase", "support_call", "email_open", "app_login", "refund"];
    private static readonly double[] Shares = [0.40, 0.20, 0.10, 0.08, 0.02, 0.10, 0.09, 0.01];
    private static readonly string[] Channels = ["web", "mobile_app", "email", "store", "call_centre", "chat"];

    /// <summary>Writes the messages, one a line.</summary>
    public void Write(Stream output)
    {
        foreach ((_, string line) in Messages())
            output.Write(Encoding.UTF8.GetBytes(line + '\n'));
    }

    /// <summary>The messages with their customers.</summary>
    /// <param name="isTimed">False: without a timestamp, to be sent now.</param>
    public IEnumerable<(string Customer, string Message)> Messages(bool isTimed = true)
    {
        var random = new Random(42);
        var cumulative = new double[Customers];
        double total = 0;
        for (int i = 0; i < Customers; i++)
            cumulative[i] = total += 1 / Math.Pow(i + 1, Skew);
        var order = Enumerable.Range(0, Customers).ToArray();
        random.Shuffle(order);

        double step = Hours * 3_600_000.0 / Events;
        var line = new StringBuilder(512);
        for (int i = 0; i < Events; i++)
        {
            int rank = Array.BinarySearch(cumulative, random.NextDouble() * total);
            int customer = order[Math.Min(rank < 0 ? ~rank : rank, Customers - 1)];
            int kind = Kind(random.NextDouble());
            string channel = Channels[random.Next(6)];
            double amount = kind == 3 ? Math.Round(5 + (random.NextDouble() * 95), 2) : kind == 7 ? Math.Round(5 + (random.NextDouble() * 50), 2) : 0;
            long time = StartMs + (long)(i * step);
            if (random.NextDouble() < 0.02)
                time -= random.NextInt64(1, 300_000);
            string stamp = DateTimeOffset.FromUnixTimeMilliseconds(time).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
            string id = "c" + customer.ToString("D6");
            line.Clear()
                .Append("{\"type\":\"track\",\"event\":\"").Append(Names[kind])
                .Append("\",\"userId\":\"").Append(id)
                .Append("\",\"messageId\":\"").Append(i.ToString("x8")).Append(random.Next(1 << 30).ToString("x8"));
            if (isTimed)
                line.Append("\",\"timestamp\":\"").Append(stamp);
            line.Append("\",\"properties\":{\"amount\":").Append(amount.ToString(CultureInfo.InvariantCulture))
                .Append(",\"item\":").Append(random.Next(100_000))
                .Append("},\"context\":{\"channel\":\"").Append(channel).Append("\",\"ip\":\"10.0.0.").Append(random.Next(256)).Append("\"}}");
            yield return (id, line.ToString());
        }
    }

    private static int Kind(double u)
    {
        int kind = 0;
        for (double below = Shares[0]; kind < 7 && u > below; below += Shares[++kind])
        {
        }

        return kind;
    }
}
