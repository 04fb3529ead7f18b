using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Pipeline.Tests.Setting;
using StreamInsight.Pipeline.Tests.Stores;

namespace StreamInsight.Pipeline.Tests.Partitions;

/// <summary>What customers of several partitions become, beside what they become in one.</summary>
public sealed class CrossPartitionTests
{
    private static readonly CompiledModel Model = Shop.Compile();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void With_time_between_records_facts_are_those_of_one_partition(int seed)
    {
        var random = new Random(seed);
        string[] lines = [.. Lines(random, 400)];
        var customers = new PartitionedCustomers(Model, 5);
        for (int i = 0; i < lines.Length; i++)
        {
            // It comes by any partition: by the home of its id, or by one that knows nothing of it.
            int partition = random.Next(3) > 0 ? customers.HomeOf(IdOf(lines[i])) : random.Next(5);
            customers.FireTimers(TimeOf(i));
            customers.Arrive(partition, lines[i], i, dies: random.Next(4) == 0);
            while (!customers.IsQuiet)
                customers.Receive(random.Next(5), dies: random.Next(4) == 0, isRepeated: random.Next(4) == 0);
        }
        customers.FireTimers(TimeOf(lines.Length) + 3_600_000);

        Assert.Equal(0, customers.Held);
        Assert.Equal(OfOnePartition(lines), customers.Facts.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}: {string.Join(" ", pair.Value)}"));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(18)]
    public void However_messages_overtake_each_other_nothing_is_lost_doubled_or_held_for_ever(int seed)
    {
        var random = new Random(seed);
        string[] lines = [.. Lines(random, 500)];
        var customers = new PartitionedCustomers(Model, 4);
        for (int i = 0; i < lines.Length; i++)
        {
            customers.Arrive(customers.HomeOf(IdOf(lines[i])), lines[i], i, dies: random.Next(5) == 0);
            for (int n = random.Next(3); n > 0; n--)
                customers.Receive(random.Next(4), dies: random.Next(5) == 0, isRepeated: random.Next(5) == 0);
        }
        customers.ReceiveAll();

        Assert.Equal(0, customers.Held);
        int orders = 0;
        foreach (LocalCustomerHost host in customers.Hosts)
            for (int user = 0; user < 40; user++)
                foreach (string id in (string[])[$"u{user}", $"a{user}"])
                    if (host.View(id) is not null)
                        orders += Orders(host, id);
        Assert.Equal(lines.Count(line => line.Contains("Order Completed")), orders);
        Assert.Empty(customers.Refused);
        (int entered, int left) = (Count(customers, "segment_entered"), Count(customers, "segment_left"));
        Assert.Equal(Members(customers), entered - left);
    }

    [Fact]
    public void Two_customers_that_claim_each_other_become_one()
    {
        var customers = new PartitionedCustomers(Model, 7);
        (string one, string other) = (Living(customers, 2), Living(customers, 5));
        string first = $$"""{"type":"alias","userId":"{{one}}","previousId":"{{other}}","receivedAt":"{{Instant(Shop.Noon)}}"}""";
        string second = $$"""{"type":"alias","userId":"{{other}}","previousId":"{{one}}","receivedAt":"{{Instant(Shop.Noon + 1)}}"}""";
        customers.Arrive(2, Order(one, 60, Shop.Noon - 2), 1);
        customers.Arrive(5, Order(other, 60, Shop.Noon - 1), 1);
        customers.Arrive(5, second, 2);
        customers.Arrive(2, first, 2);
        Assert.Equal(2, customers.Held);
        customers.ReceiveAll();

        Assert.Equal(0, customers.Held);
        Assert.Equal([one], customers.Hosts.SelectMany(host => ((string[])[one, other]).Where(id => host.View(id) is not null)));
        Assert.Equal(2, customers.Hosts.Sum(host => host.View(one) is null ? 0 : Orders(host, one)));
    }

    [Fact]
    public void A_straggler_of_a_merged_id_finds_its_customer()
    {
        var customers = new PartitionedCustomers(Model, 7);
        (string user, string visitor) = (Living(customers, 1), Living(customers, 4));
        customers.Arrive(4, Order(visitor, 40, Shop.Noon, isVisitor: true), 1);
        customers.Arrive(1, $$"""{"type":"identify","userId":"{{user}}","anonymousId":"{{visitor}}","receivedAt":"{{Instant(Shop.Noon + 1000)}}"}""", 1);
        customers.ReceiveAll();
        customers.Arrive(4, Order(visitor, 70, Shop.Noon + 2000, isVisitor: true), 2);
        customers.ReceiveAll();

        Assert.Equal(["segment_entered", "trigger"], customers.Facts[user].Where(line => line.Contains("segment_") || line.Contains("\"trigger\"")).Select(KindOf));
        Assert.False(customers.Facts.ContainsKey(visitor) && customers.Facts[visitor].Any(line => line.Contains("segment_entered")));
    }

    [Fact]
    public void A_second_identify_with_the_same_ids_asks_nobody()
    {
        var customers = new PartitionedCustomers(Model, 7);
        (string user, string visitor) = (Living(customers, 1), Living(customers, 4));
        string identify = $$"""{"type":"identify","userId":"{{user}}","anonymousId":"{{visitor}}","receivedAt":"{{Instant(Shop.Noon)}}"}""";
        customers.Arrive(1, identify, 1);
        customers.ReceiveAll();
        customers.Arrive(1, identify, 2);
        Assert.True(customers.IsQuiet);
        Assert.Equal(0, customers.Held);
    }

    private static IEnumerable<string> OfOnePartition(string[] lines)
    {
        var host = new LocalCustomerHost(Model, new MemoryStateStore(new MemoryStateStore.Disk()));
        var reader = new RecordReader(Model.Events);
        var message = new CustomerEvent();
        var facts = new List<Fact>();
        for (int i = 0; i < lines.Length; i++)
        {
            while (host.FireTimers(TimeOf(i), 1000, facts) > 0)
            {
            }
            reader.Begin(Encoding.UTF8.GetBytes(lines[i]), RecordSource.File);
            Assert.True(reader.Next(message));
            host.Process(message, new SourcePosition("", i, -1), facts);
        }
        while (host.FireTimers(TimeOf(lines.Length) + 3_600_000, 1000, facts) > 0)
        {
        }
        return facts.GroupBy(fact => fact.Customer).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Key}: {string.Join(" ", group.Select(fact => Line(fact)))}");
    }

    /// <summary>Orders, and links of all kinds; a messageId each, so that a cause does not name a source.</summary>
    private static IEnumerable<string> Lines(Random random, int count)
    {
        for (int i = 0; i < count; i++)
        {
            string user = $"u{random.Next(40)}", visitor = $"a{random.Next(40)}", head = $"\"messageId\":\"m{i}\",\"receivedAt\":\"{Instant(TimeOf(i))}\"";
            yield return random.Next(10) switch
            {
                0 or 1 => $$"""{"type":"identify","userId":"{{user}}","anonymousId":"{{visitor}}",{{head}}}""",
                2 => $$"""{"type":"alias","userId":"{{user}}","previousId":"u{{random.Next(40)}}",{{head}}}""",
                3 or 4 or 5 => $$"""{"type":"track","event":"Order Completed","anonymousId":"{{visitor}}","properties":{"total":{{random.Next(60)}}},{{head}}}""",
                _ => $$"""{"type":"track","event":"Order Completed","userId":"{{user}}","properties":{"total":{{random.Next(60)}}},{{head}}}""",
            };
        }
    }

    private static string Order(string id, int total, long atMs, bool isVisitor = false) =>
        $$"""{"type":"track","event":"Order Completed","{{(isVisitor ? "anonymousId" : "userId")}}":"{{id}}","properties":{"total":{{total}}},"receivedAt":"{{Instant(atMs)}}"}""";

    private static string Living(PartitionedCustomers customers, int partition) => Enumerable.Range(0, 1000).Select(i => $"c{i}").First(id => customers.HomeOf(id) == partition);

    private static string IdOf(string line)
    {
        using JsonDocument json = JsonDocument.Parse(line);
        return (json.RootElement.TryGetProperty("userId", out JsonElement id) ? id : json.RootElement.GetProperty("anonymousId")).GetString()!;
    }

    private static long TimeOf(int i) => Shop.Noon + (i * 20_000L);

    private static string Instant(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static int Orders(LocalCustomerHost host, string id)
    {
        var line = new ArrayBufferWriter<byte>();
        Assert.True(host.WriteProfile(id, line));
        using JsonDocument profile = JsonDocument.Parse(line.WrittenMemory);
        return profile.RootElement.GetProperty("features").GetProperty("orders").GetInt32();
    }

    private static int Count(PartitionedCustomers customers, string kind) => customers.Facts.Values.Sum(lines => lines.Count(line => KindOf(line) == kind));

    private static int Members(PartitionedCustomers customers) =>
        customers.Hosts.Sum(host => Enumerable.Range(0, 40).SelectMany(n => new[] { $"u{n}", $"a{n}" }).Count(id => host.View(id) is not null && host.Model.SegmentsOf(host.Find(id)!).Any()));

    private static string KindOf(string line)
    {
        using JsonDocument json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("kind").GetString()!;
    }

    private static string Line(Fact fact)
    {
        var line = new ArrayBufferWriter<byte>();
        FactWriter.Write(fact, line);
        return Encoding.UTF8.GetString(line.WrittenSpan);
    }
}
