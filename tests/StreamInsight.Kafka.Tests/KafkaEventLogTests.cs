using System.Text;
using Confluent.Kafka;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Partitions;
using Xunit;

namespace StreamInsight.Kafka;

public class KafkaEventLogTests
{
    [Fact]
    public async Task Records_of_many_callers_stand_in_the_home_of_their_key_in_order_with_the_time_of_the_clock()
    {
        using var topic = new TestTopic(partitions: 5);
        var homes = new HomePartitions(5);
        var clock = new FixedClock(1_700_000_000_123);
        await using var log = new KafkaEventLog(topic.Options, homes, clock);

        var positions = await Task.WhenAll(Enumerable.Range(0, 40).Select(async user =>
        {
            var mine = new List<string>();
            for (int n = 0; n < 25; n++)
                mine.Add((await log.AppendAsync(Encoding.UTF8.GetBytes($"{n}"), $"u{user}")).ToString());
            return mine;
        }));

        var found = topic.ReadAll(TestTopic.Events, 1000);
        Assert.All(found, m => Assert.Equal(homes.Of(Encoding.UTF8.GetBytes(m.Message.Key)), m.Partition.Value));
        Assert.All(found, m => Assert.Equal(1_700_000_000_123, m.Message.Timestamp.UnixTimestampMs));
        foreach (var user in found.GroupBy(m => m.Message.Key))
        {
            Assert.Equal(Enumerable.Range(0, 25).Select(n => $"{n}"), user.OrderBy(m => m.Offset.Value).Select(m => Encoding.UTF8.GetString(m.Message.Value)));
            Assert.Equal(
                user.OrderBy(m => m.Offset.Value).Select(m => new Events.SourcePosition($"insight.events/{m.Partition.Value}", m.Offset.Value, -1).ToString()),
                positions[int.Parse(user.Key[1..])]);
        }
    }

    [Fact]
    public async Task The_home_is_where_a_producer_with_the_murmur2_partitioner_sends_a_key()
    {
        using var topic = new TestTopic(partitions: 12);
        var homes = new HomePartitions(12);
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig { BootstrapServers = topic.Broker.Servers, Partitioner = Partitioner.Murmur2 }).SetLogHandler((_, _) => { }).Build();
        string[] keys = ["u1", "u2", "anna@example.org", "Zoë", "日本", "", "a", "ab", "abc", "abcd", "abcde", .. Enumerable.Range(0, 100).Select(i => $"customer-{i * 7919}")];

        var sent = await Task.WhenAll(keys.Select(key => producer.ProduceAsync(TestTopic.Events, new Message<string, string> { Key = key, Value = "{}" })));

        Assert.Equal(sent.Select(m => m.Partition.Value), keys.Select(key => homes.Of(Encoding.UTF8.GetBytes(key))));
    }

    [Fact]
    public async Task Brokers_that_are_away_fail_the_call_and_later_ones_succeed()
    {
        using var topic = new TestTopic(partitions: 2);
        await using var log = new KafkaEventLog(topic.Options with { DeliveryTimeout = TimeSpan.FromSeconds(2) }, new HomePartitions(2));
        await log.AppendAsync("{}"u8.ToArray(), "u1");

        topic.Broker.GoAway();
        var e = await Assert.ThrowsAsync<DependencyUnavailableException>(() => log.AppendAsync("{}"u8.ToArray(), "u1"));
        topic.Broker.ComeBack();

        Assert.True(e.MayPass);
        for (int tries = 1; ; tries++)
        {
            try
            {
                await log.AppendAsync("{}"u8.ToArray(), "u1");
                return;
            }
            catch (DependencyUnavailableException) when (tries < 10)
            {
                // as the client does that was answered 503
            }
        }
    }

    [Fact]
    public async Task More_than_may_wait_is_refused_at_once()
    {
        using var topic = new TestTopic(partitions: 2);
        var log = new KafkaEventLog(topic.Options with { DeliveryTimeout = TimeSpan.FromSeconds(60) }, new HomePartitions(2));
        await log.AppendAsync("{}"u8.ToArray(), "u1");
        topic.Broker.GoAway();
        byte[] record = "{}"u8.ToArray();

        var waiting = Enumerable.Range(0, KafkaEventLog.MaxWaiting + 20_000).Select(_ => log.AppendAsync(record, "u1")).ToList();

        Assert.All(waiting.TakeLast(1), call => Assert.Contains("more slowly than they come", call.Exception!.InnerException!.Message));
        await log.DisposeAsync();
        foreach (var call in waiting)
            Assert.True((await Assert.ThrowsAsync<DependencyUnavailableException>(() => call)).MayPass);
    }

    private sealed class FixedClock(long nowMs) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(nowMs);
    }
}
