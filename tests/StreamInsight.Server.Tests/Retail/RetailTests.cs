using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using StreamInsight.Kafka;
using StreamInsight.Testing;
using Xunit;
using Xunit.Abstractions;

namespace StreamInsight.Server.Retail;

/// <summary>
/// A year of a real shop, through Kafka into the running service and out to a real Redis, against figures that are computed here from the file and from nothing else.
/// </summary>
public sealed class RetailTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_real_shops_year_through_Kafka_gives_the_figures_computed_by_hand()
    {
        if (SharedData.Find("online-retail/onlineretail.csv.gz") is not { } path)
        {
            output.WriteLine("Skipped: ../shared/data/online-retail/onlineretail.csv.gz is not there.");
            return;
        }
        var invoices = Read(path);
        var orders = invoices.Where(invoice => !invoice.IsCancelled).ToList();
        Assert.Equal(18_532, orders.Count);
        Assert.Equal(4_338, orders.Select(order => order.Customer).Distinct().Count());
        Assert.Equal(8_911_407.904, orders.Sum(order => order.Total), 3);
        var turns = BigSpenders.Of(orders, invoices[^1].TimeMs);

        using var redis = new RedisServer();
        using var broker = EmbeddedBroker.Start();
        using var feed = new KafkaEventFeed(new KafkaOptions { Servers = broker.Servers });
        var messages = invoices.ConvertAll(invoice => invoice.ToMessage());
        // History is in the topic when the service starts; the last weeks come in while it runs.
        const int Live = 500;
        foreach (var chunk in messages.SkipLast(Live).Chunk(2000))
            await feed.SendAsync(chunk, default);
        var data = Directory.CreateTempSubdirectory("streaminsight-retail-");
        try
        {
            var (service, http) = await ServiceProcess.StartAsync(
                "--model", Path.Combine(SharedData.Root!, "samples", "shop.yaml"), "--data", data.FullName,
                "--kafka", broker.Servers, "--redis", redis.Address, "--clock", "records");
            using (service)
            using (http)
            {
                // One at a time: records of different partitions have to come in the order of their times too, for the records to be the clock.
                foreach (var message in messages.TakeLast(Live))
                    await feed.SendAsync([message], default);

                await UntilAsync(() => Count(redis, "si:t:big_spender_entered") + Count(redis, "si:t:big_spender_left") >= turns.Count, service);
                AssertMembership(turns, redis);
                await AssertCustomersAsync(orders, http);
                Assert.Equal(0, await service.StopAsync());
            }
        }
        finally
        {
            data.Delete(recursive: true);
        }
        output.WriteLine($"{messages.Count} messages, {turns.Count} turns of big_spender");
    }

    private static List<Invoice> Read(string path)
    {
        using var file = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        return Invoice.ReadAll(file);
    }

    private static void AssertMembership(List<BigSpenders.Turn> turns, RedisServer redis)
    {
        var found = redis.Stream("si:t:big_spender_entered").Select(entry => Turn(entry, hasEntered: true))
            .Concat(redis.Stream("si:t:big_spender_left").Select(entry => Turn(entry, hasEntered: false)));
        Assert.Equal(
            turns.OrderBy(turn => turn.Customer, StringComparer.Ordinal).ThenBy(turn => turn.AtMs).ThenBy(turn => turn.HasEntered),
            found.OrderBy(turn => turn.Customer, StringComparer.Ordinal).ThenBy(turn => turn.AtMs).ThenBy(turn => turn.HasEntered));

        var members = turns.GroupBy(turn => turn.Customer).Select(own => own.Last()).Where(last => last.HasEntered);
        Assert.Equal(
            members.ToDictionary(last => last.Customer, last => last.AtMs).OrderBy(m => m.Key, StringComparer.Ordinal),
            redis.Scores("si:s:big_spender").OrderBy(m => m.Key, StringComparer.Ordinal));
    }

    private static BigSpenders.Turn Turn(Dictionary<string, string> entry, bool hasEntered) => new(
        entry["customer"],
        DateTimeOffset.Parse(entry["at"], CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(),
        hasEntered,
        double.Parse(entry["features.spend_90d"], CultureInfo.InvariantCulture));

    /// <summary>Every paying customer's frequency and monetary value, and with them the shop's totals, as HTTP answers.</summary>
    private static async Task AssertCustomersAsync(List<Invoice> orders, HttpClient http)
    {
        long invoices = 0;
        double revenue = 0;
        foreach (var own in orders.GroupBy(order => order.Customer))
        {
            using var profile = JsonDocument.Parse(await http.GetStringAsync($"/v1/customers/{own.Key}"));
            var features = profile.RootElement.GetProperty("features");
            Assert.Equal((own.Key, own.Count(), own.Sum(order => order.Total)),
                (own.Key, features.GetProperty("frequency").GetInt32(), features.GetProperty("monetary").GetDouble()));
            invoices += features.GetProperty("frequency").GetInt32();
            revenue += features.GetProperty("monetary").GetDouble();
        }
        Assert.Equal(18_532, invoices);
        Assert.Equal(8_911_407.904, revenue, 3);
    }

    private static int Count(RedisServer redis, string stream) => redis.Ask("XLEN", stream).GetInt32();

    private static async Task UntilAsync(Func<bool> isDone, ServiceProcess service)
    {
        var deadline = DateTime.UtcNow + TimeSpan.FromMinutes(2);
        while (!isDone() && DateTime.UtcNow < deadline)
            await Task.Delay(100);
        if (!isDone())
            Assert.Fail("Redis has not everything after two minutes. The service says:\n" + service.Log);
    }
}
