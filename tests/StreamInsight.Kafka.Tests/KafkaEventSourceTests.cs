using StreamInsight.Pipeline;
using Xunit;

namespace StreamInsight.Kafka;

public class KafkaEventSourceTests
{
    private static readonly Dictionary<string, long> Nothing = [];

    [Fact]
    public async Task Every_record_comes_once_in_order_with_its_timestamp_and_position()
    {
        using var topic = new TestTopic();
        topic.Produce(500);
        await using var source = new KafkaEventSource(topic.Options);
        await source.StartAsync(Nothing, default);

        var taken = await TestTopic.TakeAsync(source, 500);

        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{{\"n\":{i}}}").Order(), taken.Select(r => r.Text).Order());
        Assert.All(taken, r => Assert.Equal(1_000_000L + Number(r), r.TimeMs));
        Assert.Equal(["insight.events/0", "insight.events/1"], taken.Select(r => r.Source).Distinct().Order());
        foreach (var partition in taken.GroupBy(r => r.Source))
        {
            Assert.Equal(Enumerable.Range(0, partition.Count()).Select(i => (long)i), partition.Select(r => r.Offset));
            Assert.Equal(partition.Select(Number).Order(), partition.Select(Number));
        }
    }

    [Fact]
    public async Task It_goes_on_after_what_the_state_store_has_applied_whatever_the_group_says()
    {
        using var topic = new TestTopic();
        topic.Produce(100);
        List<TestTopic.Taken> all;
        await using (var first = new KafkaEventSource(topic.Options))
        {
            await first.StartAsync(Nothing, default);
            all = await TestTopic.TakeAsync(first, 100);
            first.Committed(TestTopic.Positions(all));
        }
        var applied = all.Select(r => r.Source).Distinct().ToDictionary(s => s, _ => 9L);

        await using var second = new KafkaEventSource(topic.Options);
        await second.StartAsync(applied, default);
        var rest = await TestTopic.TakeAsync(second, 80);

        Assert.Equal(all.Where(r => r.Offset > 9).Order(Comparer), rest.Order(Comparer));
    }

    [Fact]
    public async Task The_group_is_told_only_what_is_durable()
    {
        using var topic = new TestTopic(partitions: 1);
        topic.Produce(100);
        await using (var first = new KafkaEventSource(topic.Options))
        {
            await first.StartAsync(Nothing, default);
            await TestTopic.TakeAsync(first, 100);
            first.Committed(new Dictionary<string, long> { ["insight.events/0"] = 41 });
        }

        await using var second = new KafkaEventSource(topic.Options);
        await second.StartAsync(Nothing, default);

        Assert.Equal(42, (await TestTopic.TakeAsync(second, 58))[0].Offset);
    }

    [Fact]
    public async Task A_second_member_takes_partitions_over_without_loss_and_where_it_was_told_the_offsets_without_repetition()
    {
        using var topic = new TestTopic(partitions: 4);
        topic.Produce(400);
        await using var first = new KafkaEventSource(topic.Options);
        await first.StartAsync(Nothing, default);
        var before = await TestTopic.TakeAsync(first, 400);
        first.Committed(TestTopic.Positions(before));

        await using var second = new KafkaEventSource(topic.Options);
        await second.StartAsync(Nothing, default);
        // Both read on while the group moves partitions; records produced meanwhile come to one of the two.
        var byFirst = new List<TestTopic.Taken>();
        var bySecond = new List<TestTopic.Taken>();
        var batch = new RecordBatch();
        var seen = new HashSet<(string, long)>();
        for (int rounds = 0; bySecond.Count == 0 || seen.Count < rounds * 40;)
        {
            if (seen.Count == rounds * 40)
                topic.Produce(40, from: 400 + 40 * rounds++);
            await ReadOnce(first, batch, byFirst);
            await ReadOnce(second, batch, bySecond);
            seen = [.. byFirst.Concat(bySecond).Where(r => Number(r) >= 400).Select(r => (r.Source, r.Offset))];
            Assert.True(rounds < 300, "the second member never got a partition");
        }

        var after = byFirst.Concat(bySecond).ToList();
        Assert.Equal(Enumerable.Range(400, seen.Count), after.Select(Number).Where(n => n >= 400).Distinct().Order());
        // The embedded broker, unlike a real one, takes no commits while a member joins; what was not committed then comes again.
        if (!topic.Warnings.Any(w => w.Contains("offsets not committed", StringComparison.Ordinal)))
            Assert.Equal(after.Count, after.DistinctBy(r => (r.Source, r.Offset)).Count());
    }

    [Fact]
    public async Task A_full_pipeline_pauses_the_source_and_loses_nothing()
    {
        using var topic = new TestTopic();
        topic.Options = topic.Options with { MaxBufferedRecords = 50 };
        topic.Produce(3000);
        await using var source = new KafkaEventSource(topic.Options);
        await source.StartAsync(Nothing, default);
        // Nobody reads for longer than the source waits before it pauses its partitions.
        await Task.Delay(TimeSpan.FromSeconds(2.5));

        var taken = await TestTopic.TakeAsync(source, 3000, batchSize: 32);

        Assert.Equal(3000, taken.DistinctBy(r => (r.Source, r.Offset)).Count());
        foreach (var partition in taken.GroupBy(r => r.Source))
            Assert.Equal(Enumerable.Range(0, partition.Count()).Select(i => (long)i), partition.Select(r => r.Offset));
    }

    [Fact]
    public async Task The_horizon_is_the_wall_clock_once_everything_was_taken_and_never_ahead_of_a_backlog()
    {
        using var topic = new TestTopic();
        topic.Produce(1000);
        await using var source = new KafkaEventSource(topic.Options);
        long started = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await source.StartAsync(Nothing, default);

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var batch = new RecordBatch(10);
        int taken = 0;
        while (true)
        {
            await source.ReadAsync(batch, limit.Token);
            taken += batch.Count;
            if (batch.IsCaughtUp)
                break;
            Assert.True(batch.HorizonMs < 1_001_000 || taken == 1000, $"horizon {batch.HorizonMs} after {taken} records");
            batch.Clear();
        }

        Assert.Equal(1000, taken);
        Assert.True(batch.HorizonMs >= started);
        Assert.Equal(0, source.Lag);
    }

    [Fact]
    public async Task A_broker_that_goes_away_and_comes_back_costs_nothing()
    {
        using var topic = new TestTopic();
        topic.Produce(100);
        await using var source = new KafkaEventSource(topic.Options);
        await source.StartAsync(Nothing, default);
        var taken = await TestTopic.TakeAsync(source, 100);

        topic.Broker.GoAway();
        var batch = new RecordBatch();
        for (int i = 0; i < 5; i++)
        {
            await source.ReadAsync(batch, default);
            Assert.True(batch.IsEmpty);
        }
        topic.Broker.ComeBack();
        topic.Produce(100, from: 100);
        taken.AddRange(await TestTopic.TakeAsync(source, 100));

        Assert.Equal(Enumerable.Range(0, 200), taken.Select(Number).Order());
    }

    [Fact]
    public async Task It_stops_while_the_broker_is_away()
    {
        using var topic = new TestTopic();
        topic.Produce(100);
        var source = new KafkaEventSource(topic.Options);
        await source.StartAsync(Nothing, default);
        var taken = await TestTopic.TakeAsync(source, 100);

        topic.Broker.GoAway();
        source.Committed(TestTopic.Positions(taken));

        await source.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task No_broker_is_one_clear_message()
    {
        await using var source = new KafkaEventSource(new KafkaOptions { Servers = "127.0.0.1:1", ConnectTimeout = TimeSpan.FromSeconds(2) });

        var e = await Assert.ThrowsAsync<DependencyUnavailableException>(() => source.StartAsync(Nothing, default));

        Assert.StartsWith("Kafka at 127.0.0.1:1 cannot be reached within 2 s: ", e.Message);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public async Task A_topic_that_was_created_anew_is_refused_because_its_records_would_be_skipped()
    {
        using var topic = new TestTopic(partitions: 1);
        topic.Produce(10);
        await using var source = new KafkaEventSource(topic.Options);
        await source.StartAsync(new Dictionary<string, long> { ["insight.events/0"] = 500 }, default);

        var e = await Assert.ThrowsAsync<DependencyUnavailableException>(() => TestTopic.TakeAsync(source, 1));

        Assert.Contains("ends at offset 10, but the state store has applied offset 500", e.Message);
    }

    private static async Task ReadOnce(KafkaEventSource source, RecordBatch batch, List<TestTopic.Taken> into)
    {
        batch.Clear();
        await source.ReadAsync(batch, default);
        into.AddRange(TestTopic.Records(batch));
        source.Committed(TestTopic.Positions(TestTopic.Records(batch)));
    }

    private static int Number(TestTopic.Taken record) => int.Parse(record.Text[5..^1]);

    private static Comparer<TestTopic.Taken> Comparer { get; } = Comparer<TestTopic.Taken>.Create((a, b) => (a.Source, a.Offset).CompareTo((b.Source, b.Offset)));
}
