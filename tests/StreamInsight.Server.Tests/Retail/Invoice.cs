using System.Globalization;
using System.Text;
using System.Text.Json;
using StreamInsight.Kafka;

namespace StreamInsight.Server.Retail;

/// <summary>One invoice of the shop, its lines summed: an order, or a cancellation (whose total is what was given back).</summary>
internal sealed record Invoice(string Number, string Customer, string Country, long TimeMs, bool IsCancelled)
{
    public double Total { get; private set; }

    public int Items { get; private set; }

    public void AddLine(int quantity, double price)
    {
        Total += Math.Abs(quantity) * price;
        Items += Math.Abs(quantity);
    }

    /// <summary>As a Segment message, recorded when it happened.</summary>
    public OutgoingMessage ToMessage()
    {
        string at = DateTimeOffset.FromUnixTimeMilliseconds(TimeMs).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(new
        {
            type = "track",
            @event = IsCancelled ? "Order Cancelled" : "Order Completed",
            userId = Customer,
            messageId = Number,
            timestamp = at,
            properties = new { total = Total, items = Items, country = Country },
        });
        return new OutgoingMessage(Customer, json, TimeMs);
    }

    /// <summary>
    /// The file's invoices in its order, which is that of time. Lines without a customer, or without a price, are not counted; nor are lines of an order
    /// with nothing bought, or of a cancellation with nothing returned. Times are taken as UTC.
    /// </summary>
    public static List<Invoice> ReadAll(TextReader file)
    {
        var invoices = new List<Invoice>();
        var byNumber = new Dictionary<string, Invoice>();
        file.ReadLine(); // the names of the columns
        while (file.ReadLine() is { } line)
        {
            var columns = Columns(line);
            string number = columns[0], customer = columns[6];
            int quantity = int.Parse(columns[3], CultureInfo.InvariantCulture);
            double price = double.Parse(columns[5], CultureInfo.InvariantCulture);
            bool isCancelled = number.StartsWith('C');
            if (customer.Length == 0 || price <= 0 || (isCancelled ? quantity >= 0 : quantity <= 0))
                continue;
            if (!byNumber.TryGetValue(number, out var invoice))
            {
                byNumber[number] = invoice = new Invoice(number, customer, columns[7], TimeMsOf(columns[4]), isCancelled);
                invoices.Add(invoice);
            }
            invoice.AddLine(quantity, price);
        }
        return invoices;
    }

    private static long TimeMsOf(string text) =>
        new DateTimeOffset(DateTime.ParseExact(text, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <summary>Comma-separated, some in quotes, a quote inside quotes doubled.</summary>
    private static List<string> Columns(string line)
    {
        var columns = new List<string>();
        var text = new StringBuilder();
        bool isQuoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && isQuoted && i + 1 < line.Length && line[i + 1] == '"')
                text.Append(line[i++]);
            else if (line[i] == '"')
                isQuoted = !isQuoted;
            else if (line[i] == ',' && !isQuoted)
            {
                columns.Add(text.ToString());
                text.Clear();
            }
            else
                text.Append(line[i]);
        }
        columns.Add(text.ToString());
        return columns;
    }
}
