using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using StreamInsight.Pipeline;
using Xunit;
using Xunit.Abstractions;

namespace StreamInsight.Kafka;

/// <summary>What goes wrong with brokers and with what stands in topics; kcat is the peer that is not ours.</summary>
public class KafkaTroubleTests(ITestOutputHelper output)
{
    private const short Fetch = 1, ListOffsets = 2, OffsetCommit = 8, OffsetFetch = 9, FindCoordinator = 10, JoinGroup = 11, Heartbeat = 12, SyncGroup = 14;
    private const int NotLeader = 6, NotAvailable = 15, NotCoordinator = 16, Loading = 14, Rebalancing = 27, UnknownMember = 25, TimedOut = 7;

    private static readonly Dictionary<string, long> Nothing = [];

    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public async Task Batches_of_every_compression_are_read(string compression)
    {
        using var topic = new TestTopic(partitions: 1);
        string lines = string.Concat(Enumerable.Range(0, 200).Select(i => $"{{\"n\":{i},\"filler\":\"{new string('x', 100)}\"}}\n"));
        if (await KcatAsync(lines, "-P", "-b", topic.Broker.Servers, "-t", TestTopic.Events, "-p", "0", "-z", compression) is not "")
        {
            output.WriteLine("Skipped: kcat is not here, or knows no " + compression);
            return;
        }
        await using var source = new KafkaEventSource(topic.Options);
        await source.StartAsync(Nothing, default);
        var taken = await TestTopic.TakeAsync(source, 200);
        Assert.Equal(Enumerable.Range(0, 200), taken.Select(r => int.Parse(r.Text[5..r.Text.IndexOf(',')])));
    }

    [Fact]
    public async Task Records_without_key_or_value_come_as_empty_records()
    {
        using var topic = new TestTopic(partitions: 1);
        using (var producer = new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig { BootstrapServers = topic.Broker.Servers }).SetLogHandler((_, _) => { }).Build())
        {
            producer.Produce(TestTopic.Events, new Message<byte[]?, byte[]?> { Key = null, Value = null });
            producer.Produce(TestTopic.Events, new Message<byte[]?, byte[]?> { Key = null, Value = "{}"u8.ToArray() });
            producer.Produce(TestTopic.Events, new Message<byte[]?, byte[]?> { Key = "k"u8.ToArray(), Value = null });
            producer.Flush(TimeSpan.FromSeconds(30));
        }
        await using var source = new KafkaEventSource(topic.Options);
        await source.StartAsync(Nothing, default);
        Assert.Equal(["", "{}", ""], (await TestTopic.TakeAsync(source, 3)).Select(r => r.Text));
    }

    [Theory]
    [InlineData(FindCoordinator, NotAvailable, NotAvailable)]
    [InlineData(JoinGroup, Loading, NotCoordinator)]
    [InlineData(SyncGroup, NotCoordinator)]
    [InlineData(OffsetFetch, Loading, NotCoordinator)]
    [InlineData(Fetch, NotLeader, TimedOut, NotLeader)]
    [InlineData(ListOffsets, NotLeader)]
    public async Task Errors_at_the_start_cost_no_record(short request, params int[] errors)
    {
        using var topic = new TestTopic();
        topic.Broker.Fail(request, errors);
        topic.Produce(100);
        await using var source = new KafkaEventSource(topic.Options);
        await source.StartAsync(Nothing, default);
        Assert.Equal(Enumerable.Range(0, 100), (await TestTopic.TakeAsync(source, 100)).Select(Number).Order());
    }

    [Theory]
    [InlineData(Heartbeat, Rebalancing, NotCoordinator)]
    [InlineData(Heartbeat, UnknownMember)]
    [InlineData(OffsetCommit, NotCoordinator, Loading)]
    [InlineData(Fetch, NotLeader, TimedOut)]
    [InlineData(ListOffsets, NotLeader, TimedOut)]
    public async Task Errors_on_the_way_cost_no_record(short request, params int[] errors)
    {
        using var topic = new TestTopic();
        topic.Produce(100);
        await using var source = new KafkaEventSource(topic.Options);
        await source.StartAsync(Nothing, default);
        var taken = await TestTopic.TakeAsync(source, 100);

        topic.Broker.Fail(request, errors);
        source.Committed(TestTopic.Positions(taken));
        topic.Produce(100, from: 100);
        var batch = new RecordBatch();
        for (long started = Environment.TickCount64; taken.DistinctBy(r => (r.Source, r.Offset)).Count() < 200;)
        {
            Assert.True(Environment.TickCount64 - started < 180_000, string.Join("; ", topic.Warnings));
            batch.Clear();
            await source.ReadAsync(batch, default);
            taken.AddRange(TestTopic.Records(batch));
            source.Committed(TestTopic.Positions(TestTopic.Records(batch)));
        }
        // A member that was thrown out may read again what was not committed: the state store skips that.
        Assert.Equal(Enumerable.Range(0, 200), taken.Select(Number).Distinct().Order());
    }

    [Fact]
    public async Task Records_that_were_deleted_before_they_were_read_are_told_or_stop_it_as_configured()
    {
        using var topic = new TestTopic(partitions: 1);
        // The embedded broker keeps about 5 MB of a partition.
        string filler = new('x', 50_000);
        for (int i = 0; i < 200; i += 10)
            topic.Produce(Enumerable.Range(i, 10).Select(n => ("k", $"{{\"n\":{n},\"f\":\"{filler}\"}}", 1_000_000L + n)));
        var applied = new Dictionary<string, long> { ["insight.events/0"] = 1 };

        await using (var source = new KafkaEventSource(topic.Options))
        {
            await source.StartAsync(applied, default);
            Assert.True((await TestTopic.TakeAsync(source, 1))[0].Offset > 2);
            Assert.Contains(topic.Warnings, line => line.Contains("were deleted by the topic's retention before they were read"));
        }
        await using var strict = new KafkaEventSource(topic.Options with { StopsAtGaps = true, Group = "another" });
        await strict.StartAsync(applied, default);
        var stopped = await Assert.ThrowsAsync<DependencyUnavailableException>(() => TestTopic.TakeAsync(strict, 1));
        Assert.Contains("kafka.offset_reset is error", stopped.Message);
    }

    [Fact]
    public async Task A_member_by_name_comes_back_to_its_partitions()
    {
        using var topic = new TestTopic();
        topic.Options = topic.Options with { InstanceId = "host-1" };
        topic.Produce(100);
        await using (var first = new KafkaEventSource(topic.Options))
        {
            await first.StartAsync(Nothing, default);
            first.Committed(TestTopic.Positions(await TestTopic.TakeAsync(first, 100)));
        }
        topic.Produce(50, from: 100);
        await using var second = new KafkaEventSource(topic.Options);
        await second.StartAsync(Nothing, default);
        Assert.Equal(Enumerable.Range(100, 50), (await TestTopic.TakeAsync(second, 50)).Select(r => int.Parse(r.Text[5..^1])).Order());
    }

    [Theory]
    [InlineData("compression.type", true)]
    [InlineData("session.timeout.ms", true)]
    [InlineData("enable.auto.commit", false)]
    [InlineData("sasl.password", false)]
    [InlineData("group.id", false)]
    [InlineData("debug", false)]
    [InlineData("plugin.library.paths", false)]
    public void Properties_that_break_a_promise_or_carry_a_secret_are_refused(string name, bool allowed) => Assert.Equal(allowed, KafkaProperties.Fault(name) is null);

    private static int Number(TestTopic.Taken record) => int.Parse(record.Text[5..^1]);

    /// <summary>What kcat said on stderr; null = it is not installed.</summary>
    private static async Task<string?> KcatAsync(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("kcat") { RedirectStandardInput = true, RedirectStandardError = true, StandardInputEncoding = new UTF8Encoding(false) };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        try
        {
            using Process kcat = Process.Start(start)!;
            await kcat.StandardInput.WriteAsync(input);
            kcat.StandardInput.Close();
            return (await kcat.StandardError.ReadToEndAsync()).Trim();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
