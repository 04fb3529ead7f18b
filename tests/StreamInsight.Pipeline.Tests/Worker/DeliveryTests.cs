using System.Text;
using StreamInsight.Facts;
using StreamInsight.Pipeline.Tests.Setting;

namespace StreamInsight.Pipeline.Tests.Worker;

public sealed class DeliveryTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ScriptedSource _source = new();
    private readonly CollectingSink _sink = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Facts_reach_the_sink_in_order_with_their_lines_and_the_view_after_the_commit()
    {
        await using var partition = new LivePartition(_folder, [_source], [_sink]);
        _source.Put(Shop.Order("u1", 150, "m1"), Shop.Noon);
        await partition.StartAsync();
        await SinkHasAsync(3);

        IReadOnlyList<OutboxFact> facts = _sink.Facts;
        Assert.Equal([FactKind.StageChanged, FactKind.SegmentEntered, FactKind.Trigger], facts.Select(f => f.Kind));
        Assert.Equal([1, 2, 3], facts.Select(f => f.Seq));
        Assert.All(facts, f => Assert.Equal("event:m1", f.Cause));
        string line = Encoding.UTF8.GetString(facts[2].Line.Span);
        Assert.StartsWith($$"""{"id":"{{facts[2].Id}}","customer":"u1","seq":3,""", line);
        Assert.Contains("\"with\":{\"features.spend\":150}", line);
        Assert.Equal(["redis"], facts[2].To);
        Assert.Equal(Shop.Noon + 60_000, facts[2].ExpiresAtMs);

        // On the last fact that cannot expire, although the trigger comes after it.
        CustomerView view = Assert.IsType<CustomerView>(facts[1].After);
        Assert.Null(facts[0].After);
        Assert.Null(facts[2].After);
        Assert.Equal(("u1", 3, "buyer", false), (view.Customer, (int)view.Seq, view.Stage, view.HasEnded));
        Assert.Equal(["big"], view.Segments);
    }

    [Fact]
    public async Task It_stops_while_a_sink_is_down_and_the_outbox_is_full()
    {
        var sink = new CollectingSink { IsDown = true };
        var source = new ScriptedSource();
        await using var partition = new LivePartition(_folder, [source], [sink], options: new WorkerOptions { OutboxCapacity = 3, MaxMessagesARound = 1 });
        for (int i = 0; i < 20; i++)
            source.Put(Shop.Order($"u{i}", 150, $"m{i}"), Shop.Noon);
        await partition.StartAsync();
        await Eventually.HoldsAsync(() => partition.Pipeline.Outbox.IsFull, "the outbox is full");
        await partition.Pipeline.StopAsync(TimeSpan.Zero).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Source_is_told_only_what_is_durable()
    {
        TroubledStore? store = null;
        await using var partition = new LivePartition(_folder, [_source], [_sink], aroundStore: s => store = new TroubledStore(s));
        store!.Hold();
        _source.Put(Shop.Order("u1", 150), Shop.Noon);
        await partition.StartAsync();
        await Eventually.HoldsAsync(() => partition.Pipeline.CustomerCount == 1, "the order is applied");
        Assert.Empty(_sink.Facts);
        Assert.Equal(-1, _source.CommittedOffset);

        store.Release();
        await SinkHasAsync(3);
        await Eventually.HoldsAsync(() => _source.CommittedOffset == 0, "the source is told");
    }

    [Fact]
    public async Task Next_messages_are_applied_while_a_commit_runs()
    {
        TroubledStore? store = null;
        await using var partition = new LivePartition(_folder, [_source], [_sink], aroundStore: s => store = new TroubledStore(s));
        store!.Hold();
        _source.Put(Shop.Order("u1", 150), Shop.Noon);
        await partition.StartAsync();
        await Eventually.HoldsAsync(() => partition.Pipeline.CustomerCount == 1, "the first order is applied");
        _source.Put(Shop.Order("u2", 150), Shop.Noon);
        await Eventually.HoldsAsync(() => partition.Pipeline.CustomerCount == 2, "the second is applied while the first commit waits");
        store.Release();
        await SinkHasAsync(6);
        Assert.Equal(2, store.Commits);
    }

    [Fact]
    public async Task A_full_outbox_pauses_the_source_and_everything_arrives_when_the_sink_is_back()
    {
        _sink.IsDown = true;
        var other = new CollectingSink("other");
        var options = new WorkerOptions { OutboxCapacity = 100, FactHistory = 10, MaxMessagesARound = 10, MaxMessagesUncommitted = 1_000 };
        // What is read ahead (8 batches of 1,024) and applied while a slow commit runs (1,000) is bounded, so the source must stop before its end however loaded the machine is.
        await using var partition = new LivePartition(_folder, [_source], [_sink, other], options: options);
        for (int i = 0; i < 20_000; i++)
            _source.Put(Shop.Order($"u{i}", 150, $"m{i}"), Shop.Noon);
        await partition.StartAsync();
        await Eventually.HoldsAsync(() => partition.Pipeline.Outbox.IsFull && other.Facts.Count >= 100, "the outbox is full");
        int read = _source.Read;
        Assert.True(read < 20_000, "the source is not read to its end");
        Assert.True(other.Facts.Count < 60_000, "not everything is applied");
        Assert.Empty(_sink.Facts);

        _sink.IsDown = false;
        await SinkHasAsync(60_000);
        Assert.Equal(Enumerable.Range(1, 60_000).Select(n => (long)n), _sink.Facts.Select(f => f.Position));
        await Eventually.HoldsAsync(() => other.Facts.Count == 60_000, "the other sink has everything");
    }

    [Fact]
    public async Task One_sink_that_is_down_delays_no_other()
    {
        _sink.IsDown = true;
        var other = new CollectingSink("other");
        await using var partition = new LivePartition(_folder, [_source], [_sink, other]);
        await partition.StartAsync();
        _source.Put(Shop.Order("u1", 150), Shop.Noon);
        await Eventually.HoldsAsync(() => other.Facts.Count == 3, "the other sink has the facts");
        Assert.Empty(_sink.Facts);
    }

    [Fact]
    public async Task What_could_not_be_delivered_before_a_stop_is_delivered_after_the_next_start()
    {
        _sink.IsDown = true;
        await using (var first = new LivePartition(_folder, [_source], [_sink]))
        {
            _source.Put(Shop.Order("u1", 150, "m1"), Shop.Noon);
            await first.StartAsync();
            await Eventually.HoldsAsync(() => _sink.Tries > 0, "a delivery was tried");
            await first.StopAsync(TimeSpan.Zero);
        }
        _sink.IsDown = false;
        var source = new ScriptedSource();
        await using var second = new LivePartition(_folder, [source], [_sink]);
        await second.StartAsync();
        await SinkHasAsync(3);
        Assert.Equal(0, source.StartedAfter);
        Assert.Equal([1, 2, 3], _sink.Facts.Select(f => f.Seq));
        Assert.Equal("big", Assert.Single(_sink.Facts[1].After!.Segments));
    }

    [Fact]
    public async Task Delivered_facts_are_not_delivered_again_after_a_clean_restart()
    {
        await using (var first = new LivePartition(_folder, [_source], [_sink]))
        {
            await first.StartAsync();
            _source.Put(Shop.Order("u1", 150, "m1"), Shop.Noon);
            await SinkHasAsync(3);
            await first.StopAsync();
        }
        var source = new ScriptedSource();
        source.Put(Shop.Order("u2", 150, "m2"), Shop.Noon, offset: 1);
        await using var second = new LivePartition(_folder, [source], [_sink]);
        await second.StartAsync();
        await SinkHasAsync(6);
        Assert.Equal(["u1", "u1", "u1", "u2", "u2", "u2"], _sink.Facts.Select(f => f.Customer));
        Assert.Equal(Enumerable.Range(1, 6).Select(n => (long)n), _sink.Facts.Select(f => f.Position));
    }

    [Fact]
    public async Task Triggers_that_waited_too_long_are_left_out_and_the_rest_is_sent()
    {
        var time = new ManualTime(Shop.Noon);
        _sink.IsDown = true;
        await using var partition = new LivePartition(_folder, [_source], [_sink], time);
        await partition.StartAsync();
        _source.Put(Shop.Order("u1", 150), Shop.Noon);
        await Eventually.HoldsAsync(() => _sink.Tries > 0, "a delivery was tried");
        time.Advance(TimeSpan.FromSeconds(61));
        _sink.IsDown = false;
        await Eventually.HoldsAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(1));
                return _sink.Facts.Count > 0;
            },
            "the facts are delivered");
        Assert.Equal([FactKind.StageChanged, FactKind.SegmentEntered], _sink.Facts.Select(f => f.Kind));
        Assert.NotNull(_sink.Facts[1].After);
    }

    private Task SinkHasAsync(int facts) => Eventually.HoldsAsync(() => _sink.Facts.Count >= facts, $"the sink has {facts} facts");
}
