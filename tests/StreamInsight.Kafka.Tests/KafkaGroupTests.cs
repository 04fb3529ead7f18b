using System.Diagnostics;
using System.Text;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Partitions;
using Xunit;
using Xunit.Abstractions;

namespace StreamInsight.Kafka;

/// <summary>Nodes of one group in one process, each with a connection of its own to the embedded broker.</summary>
public class KafkaGroupTests(ITestOutputHelper output)
{
    private readonly FencedStore _store = new();

    [Fact]
    public async Task A_node_alone_has_every_partition_and_both_of_its_sources()
    {
        using var topic = new TestTopic(partitions: 4);
        topic.ProduceToEach(4, 200);
        await using var handovers = new KafkaHandovers(topic.Options);
        await handovers.DeliverAsync([.. Enumerable.Range(1, 100).Select(n => new Handover(n, n % 4, Encoding.UTF8.GetBytes($"h{n}")))], default);
        await using var node = new Node(topic, _store);

        await UntilAsync(topic, () => _store.Count == 900);

        Assert.Equal([0, 1, 2, 3], node.Owner.Has.Order());
        Assert.Equal([0, 1, 2, 3], node.Group.Partitions.Order());
        for (int p = 0; p < 4; p++)
        {
            AssertComplete(p, 200);
            Assert.Equal(
                Enumerable.Range(1, 100).Where(n => n % 4 == p).Select(n => $"h{n}"),
                _store.Records(p).Where(r => r.Source == $"insight.handover/{p}").Select(r => r.Text));
        }
    }

    [Fact]
    public async Task Three_nodes_share_the_partitions_and_every_record_is_applied_once()
    {
        using var topic = new TestTopic(partitions: 6);
        topic.ProduceToEach(6, 100);
        await using var first = new Node(topic, _store);
        await UntilAsync(topic, () => _store.Count == 600);
        await using var second = new Node(topic, _store);
        await TimeAsync("two members share", topic, () => first.Owner.Has.Count == 3 && second.Owner.Has.Count == 3);
        topic.ProduceToEach(6, 100, from: 100);
        await using var third = new Node(topic, _store);
        topic.ProduceToEach(6, 100, from: 200);
        await TimeAsync("three members share", topic, () => first.Owner.Has.Count == 2 && second.Owner.Has.Count == 2 && third.Owner.Has.Count == 2);
        topic.ProduceToEach(6, 100, from: 300);
        await UntilAsync(topic, () => _store.Count == 2400);

        Assert.Equal([0, 1, 2, 3, 4, 5], first.Owner.Has.Concat(second.Owner.Has).Concat(third.Owner.Has).Order());
        for (int p = 0; p < 6; p++)
            AssertComplete(p, 400);
        // Only what goes elsewhere is released: the rest is read all the while.
        Assert.Equal(4, first.Owner.Diary.Count(line => line.StartsWith("release", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_rolling_restart_loses_and_repeats_nothing()
    {
        using var topic = new TestTopic(partitions: 4);
        var nodes = new Node[2];
        for (int i = 0; i < 2; i++)
            nodes[i] = new Node(topic, _store);
        int produced = 0;
        await UntilAsync(topic, () => nodes.All(node => node.Owner.Has.Count == 2));
        for (int i = 0; i < 2; i++)
        {
            topic.ProduceToEach(4, 50, from: produced);
            produced += 50;
            await nodes[i].DisposeAsync();
            Assert.Empty(nodes[i].Owner.Has);
            topic.ProduceToEach(4, 50, from: produced);
            produced += 50;
            await TimeAsync("the other has all", topic, () => nodes[1 - i].Owner.Has.Count == 4);
            nodes[i] = new Node(topic, _store);
            await TimeAsync("restarted and shared", topic, () => nodes.All(node => node.Owner.Has.Count == 2));
        }
        topic.ProduceToEach(4, 50, from: produced);
        produced += 50;
        await UntilAsync(topic, () => _store.Count == 4 * produced);
        foreach (var node in nodes)
            await node.DisposeAsync();

        for (int p = 0; p < 4; p++)
            AssertComplete(p, produced);
    }

    [Fact]
    public async Task Nodes_by_name_come_back_to_their_partitions()
    {
        using var topic = new TestTopic(partitions: 4);
        topic.ProduceToEach(4, 50);
        await using var first = new Node(topic, _store, topic.Options with { InstanceId = "a" });
        var second = new Node(topic, _store, topic.Options with { InstanceId = "b" });
        await UntilAsync(topic, () => first.Owner.Has.Count == 2 && second.Owner.Has.Count == 2 && _store.Count == 200);
        await second.DisposeAsync();
        Assert.Empty(second.Owner.Has);
        topic.ProduceToEach(4, 50, from: 50);
        // The embedded broker knows no static members: a real one would move nothing here.
        await using var again = new Node(topic, _store, topic.Options with { InstanceId = "b" });
        await TimeAsync("a node by name is back", topic, () => first.Owner.Has.Count == 2 && again.Owner.Has.Count == 2);
        await UntilAsync(topic, () => _store.Count == 400);

        for (int p = 0; p < 4; p++)
            AssertComplete(p, 100);
    }

    [Fact]
    public async Task A_partition_that_is_not_read_does_not_hold_the_others()
    {
        using var topic = new TestTopic(partitions: 3);
        topic.ProduceToEach(3, 3000);
        await using var node = new Node(topic, _store, topic.Options with { PartitionBufferedRecords = 100 }, owner => owner.Leaves = partition => partition == 1);

        await UntilAsync(topic, () => _store.Count == 6000);

        AssertComplete(0, 3000);
        AssertComplete(2, 3000);
        var taken = await TestTopic.TakeAsync(node.Owner.Sources(1)[0], 3000, batchSize: 32);
        Assert.Equal(Enumerable.Range(0, 3000).Select(i => (long)i), taken.Select(r => r.Offset));
    }

    [Fact]
    public async Task Every_source_tells_its_own_horizon_and_lag()
    {
        using var topic = new TestTopic(partitions: 2);
        long started = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        topic.ProduceToEach(1, 300);
        await using var node = new Node(topic, _store, topic.Options with { PartitionBufferedRecords = 100 }, owner => owner.Leaves = _ => true);
        await UntilAsync(topic, () => node.Owner.Has.Count == 2);

        var behind = node.Owner.Sources(0)[0];
        var batch = new RecordBatch(10);
        for (var caughtUp = node.Owner.Sources(1)[0]; !batch.IsCaughtUp; await caughtUp.ReadAsync(batch, default))
            batch.Clear();
        Assert.True(batch.HorizonMs >= started);
        await UntilAsync(topic, () => behind.Lag is not null);
        for (batch.Clear(); batch.IsEmpty; await behind.ReadAsync(batch, default))
            batch.Clear();
        Assert.False(batch.IsCaughtUp);
        Assert.Equal(290, behind.Lag);
        Assert.Equal(batch[9].RecordTimeMs, batch.HorizonMs);
        Assert.Equal([false, true], node.Owner.Sources(0).Select(source => source.CarriesHandovers));
        Assert.Equal(["kafka", "handover"], node.Owner.Sources(0).Select(source => source.Name));
    }

    [Fact]
    public async Task The_store_tells_where_to_go_on_then_the_group_then_the_beginning()
    {
        using var topic = new TestTopic(partitions: 2);
        topic.ProduceToEach(2, 100);
        await using (var handovers = new KafkaHandovers(topic.Options))
            await handovers.DeliverAsync([.. Enumerable.Range(1, 20).Select(n => new Handover(n, n % 2, Encoding.UTF8.GetBytes($"h{n}")))], default);
        await using (var first = new Node(topic, new FencedStore()))
            await UntilAsync(topic, () => first.Store.Count == 220);
        topic.ProduceToEach(2, 10, from: 100);
        _store.Set(0, "insight.events/0", 49);
        _store.Set(0, "insight.handover/0", 3);

        await using var second = new Node(topic, _store);
        await UntilAsync(topic, () => _store.Count == 60 + 6 + 10 + 10);

        Assert.Equal(50, _store.Records(0).First(r => r.Source == "insight.events/0").Offset);
        Assert.Equal(4, _store.Records(0).First(r => r.Source == "insight.handover/0").Offset);
        Assert.Equal(100, _store.Records(1).First(r => r.Source == "insight.events/1").Offset);
        Assert.Equal(0, _store.Records(1).First(r => r.Source == "insight.handover/1").Offset);
    }

    [Fact]
    public async Task Repeated_handovers_arrive_in_order_from_several_senders()
    {
        using var topic = new TestTopic(partitions: 2);
        await using var node = new Node(topic, _store);
        await using var handovers = new KafkaHandovers(topic.Options);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async sender =>
        {
            for (int from = 1; from <= 90; from += 10) // the last five of a run are sent again with the next
                await handovers.DeliverAsync([.. Enumerable.Range(Math.Max(1, from - 5), from == 1 ? 10 : 15).Select(n => new Handover(n, 1, Encoding.UTF8.GetBytes($"{sender}:{n}")))], default);
        }));
        await UntilAsync(topic, () => _store.Count == 4 * (10 + 8 * 15));

        foreach (var sender in _store.Records(1).Select(r => r.Text.Split(':')).GroupBy(parts => parts[0], parts => int.Parse(parts[1])))
            Assert.Equal(Enumerable.Range(1, 90), sender.Distinct()); // a repeat never comes before what it repeats
        Assert.Empty(_store.Records(0));
    }

    [Fact]
    public async Task A_member_that_was_thrown_out_loses_its_partitions_and_takes_them_again()
    {
        const short heartbeat = 12, unknownMember = 25;
        using var topic = new TestTopic(partitions: 2);
        await using var node = new Node(topic, _store);
        topic.ProduceToEach(2, 50);
        await UntilAsync(topic, () => _store.Count == 100);

        topic.Broker.Fail(heartbeat, unknownMember);
        await UntilAsync(topic, () => node.Owner.Diary.Count == 6);
        topic.ProduceToEach(2, 50, from: 50);
        await UntilAsync(topic, () => _store.Count == 200);

        Assert.Equal(["lose 0", "lose 1", "take 0", "take 0", "take 1", "take 1"], node.Owner.Diary.Order());
        AssertComplete(0, 100);
        AssertComplete(1, 100);
    }

    [Fact]
    public async Task Takes_that_get_nowhere_keep_the_membership_and_hold_up_nothing_else()
    {
        using var topic = new TestTopic(partitions: 4);
        topic.ProduceToEach(4, 50);
        bool isRedisAway = true;
        int tries = 0;
        await using var first = new Node(topic, _store, configure: owner => owner.BeforeTake = async (partition, cancel) =>
        {
            if (partition < 2)
                return;
            Interlocked.Increment(ref tries);
            while (Volatile.Read(ref isRedisAway))
                await Task.Delay(10, cancel);
        });
        await UntilAsync(topic, () => tries == 2 && first.Owner.Has.Count == 2 && _store.Count == 100); // two partitions run, two cannot be opened
        await using var second = new Node(topic, _store);
        await UntilAsync(topic, () => second.Owner.Has.Count == 2);
        Volatile.Write(ref isRedisAway, false);
        await UntilAsync(topic, () => first.Owner.Has.Count == 2);
        await UntilAsync(topic, () => _store.Count == 200);

        Assert.False(first.Group.Completion.IsCompleted);
        Assert.DoesNotContain(first.Owner.Diary, line => line.StartsWith("lose", StringComparison.Ordinal));
        for (int p = 0; p < 4; p++)
            AssertComplete(p, 50);
    }

    [Fact]
    public async Task A_release_that_gets_nowhere_does_not_keep_the_partition_for_ever()
    {
        using var topic = new TestTopic(partitions: 2);
        topic.ProduceToEach(2, 50);
        var redis = new TaskCompletionSource();
        await using var first = new Node(topic, _store, topic.Options with { HandOverTimeout = TimeSpan.FromMilliseconds(300) }, owner => owner.BeforeRelease = _ => redis.Task);
        await UntilAsync(topic, () => _store.Count == 100);
        await using var second = new Node(topic, _store);

        await UntilAsync(topic, () => second.Owner.Has.Count == 1);
        topic.ProduceToEach(2, 50, from: 50);
        await UntilAsync(topic, () => _store.Count == 200);
        redis.SetResult();
        await UntilAsync(topic, () => first.Owner.Has.Count == 1);

        Assert.Contains(topic.Warnings, line => line.Contains("before this one was done with them", StringComparison.Ordinal));
        AssertComplete(0, 100);
        AssertComplete(1, 100);
    }

    [Fact]
    public async Task A_partition_that_another_node_opens_meanwhile_is_taken_again_and_given_back_without_a_word()
    {
        using var topic = new TestTopic(partitions: 2);
        topic.ProduceToEach(2, 50);
        int tries = 0;
        await using var node = new Node(topic, _store, configure: owner =>
        {
            owner.BeforeTake = (partition, _) => partition == 1 && Interlocked.Increment(ref tries) == 1 ? throw new FencedException("taken") : Task.CompletedTask;
            owner.BeforeRelease = partition => partition == 0 ? throw new FencedException("taken") : Task.CompletedTask;
        });

        await UntilAsync(topic, () => _store.Count == 100);
        await node.DisposeAsync();

        Assert.Equal(2, tries);
        Assert.True(node.Group.Completion.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task What_will_not_pass_ends_the_membership()
    {
        using var topic = new TestTopic();
        await using var node = new Node(topic, _store, configure: owner => owner.BeforeTake = (_, _) => throw new DependencyUnavailableException("the store is of another model"));

        var e = await Assert.ThrowsAsync<DependencyUnavailableException>(() => node.Group.Completion.WaitAsync(TimeSpan.FromSeconds(60)));

        Assert.Equal("the store is of another model", e.Message);
    }

    [Fact]
    public async Task A_topic_that_was_created_anew_ends_the_membership()
    {
        using var topic = new TestTopic(partitions: 1);
        topic.ProduceToEach(1, 10);
        _store.Set(0, "insight.events/0", 500);
        await using var node = new Node(topic, _store);

        var e = await Assert.ThrowsAsync<DependencyUnavailableException>(() => node.Group.Completion.WaitAsync(TimeSpan.FromSeconds(60)));

        Assert.Contains("the topic was created anew", e.Message);
    }

    [Fact]
    public async Task A_group_that_distributes_in_another_way_is_one_clear_message()
    {
        const short joinGroup = 11;
        const int inconsistent = 23;
        using var topic = new TestTopic();
        topic.Broker.Fail(joinGroup, inconsistent);
        await using var node = new Node(topic, _store);

        var e = await Assert.ThrowsAsync<DependencyUnavailableException>(() => node.Group.Completion.WaitAsync(TimeSpan.FromSeconds(60)));

        Assert.StartsWith("Kafka's group streaminsight is used by another application", e.Message);
    }

    [Fact]
    public async Task A_node_too_many_is_told_that_it_idles()
    {
        using var topic = new TestTopic(partitions: 1);
        await using var first = new Node(topic, _store);
        await UntilAsync(topic, () => first.Owner.Has.Count == 1);
        await using var second = new Node(topic, _store);

        await UntilAsync(topic, () => topic.Warnings.Any(line => line.Contains("1 partitions of insight.events: this node idles", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_kcat_sends_reaches_the_partition_it_names()
    {
        if (!File.Exists("/usr/bin/kcat"))
            return; // an independent client; ./insight setup installs it where it may
        using var topic = new TestTopic(partitions: 3);
        await using var node = new Node(topic, _store);
        var start = new ProcessStartInfo("/usr/bin/kcat", $"-P -b {topic.Broker.Servers} -t insight.events -p 2 -z gzip") { RedirectStandardInput = true, StandardInputEncoding = new UTF8Encoding(false) };
        using (Process kcat = Process.Start(start)!)
        {
            for (int n = 0; n < 100; n++)
                await kcat.StandardInput.WriteLineAsync($"{{\"p\":2,\"n\":{n}}}");
            kcat.StandardInput.Close();
            await kcat.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);
        }
        await UntilAsync(topic, () => _store.Count == 100);

        AssertComplete(2, 100);
    }

    private void AssertComplete(int partition, int count) => Assert.Equal(
        Enumerable.Range(0, count).Select(n => $"{{\"p\":{partition},\"n\":{n}}}"),
        _store.Records(partition).Where(r => r.Source == $"insight.events/{partition}").Select(r => r.Text));

    private async Task TimeAsync(string what, TestTopic topic, Func<bool> isSo)
    {
        long started = Stopwatch.GetTimestamp();
        await UntilAsync(topic, isSo);
        output.WriteLine($"{what}: after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
    }

    private async Task UntilAsync(TestTopic topic, Func<bool> isSo)
    {
        for (long started = Environment.TickCount64; !isSo(); await Task.Delay(10))
            Assert.True(Environment.TickCount64 - started < 90_000, $"{_store.Count} records applied; {string.Join("; ", topic.Warnings)}");
    }

    private sealed class Node : IAsyncDisposable
    {
        public Node(TestTopic topic, FencedStore store, KafkaOptions? options = null, Action<TestOwner>? configure = null)
        {
            Store = store;
            Owner = new TestOwner(store);
            configure?.Invoke(Owner);
            Group = new KafkaGroup(options ?? topic.Options, Owner);
            Group.Start();
        }

        public FencedStore Store { get; }

        public TestOwner Owner { get; }

        public KafkaGroup Group { get; }

        public ValueTask DisposeAsync() => Group.DisposeAsync();
    }
}
