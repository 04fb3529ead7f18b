using System.Text;
using StreamInsight.Events;
using StreamInsight.Pipeline.Tests.Setting;

namespace StreamInsight.Pipeline.Tests.Worker;

public sealed class CheckpointTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ScriptedSource _source = new();
    private readonly CollectingSink _sink = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Changes_without_facts_are_durable_after_the_checkpoint_interval()
    {
        var time = new ManualTime(Shop.Noon);
        await using var partition = new LivePartition(_folder, [_source], [_sink], time);
        await partition.StartAsync();
        _source.Put("""{"type":"track","event":"Call Started","userId":"u1"}""", Shop.Noon);
        await Eventually.HoldsAsync(() => partition.Pipeline.CustomerCount == 1, "the call is applied");
        Assert.Null(partition.Store.LoadCustomer("u1"));

        time.Advance(TimeSpan.FromMilliseconds(251));
        await Eventually.HoldsAsync(() => partition.Store.LoadCustomer("u1") is not null, "the customer is stored");
        Assert.Empty(partition.Store.ReadFacts(0, 10));
    }

    [Fact]
    public async Task A_record_without_a_message_is_passed_durably()
    {
        await using var partition = new LivePartition(_folder, [_source], [_sink]);
        _source.Put("""{"batch":[]}""", Shop.Noon);
        await partition.StartAsync();
        await Eventually.HoldsAsync(() => _source.CommittedOffset == 0, "the source is told");
        Assert.Equal(0, partition.Store.LoadPositions()["topic/0"]);
    }

    [Fact]
    public async Task A_stop_commits_what_was_applied()
    {
        var time = new ManualTime(Shop.Noon);
        await using var partition = new LivePartition(_folder, [_source], [_sink], time);
        await partition.StartAsync();
        _source.Put("""{"type":"track","event":"Call Started","userId":"u1"}""", Shop.Noon);
        await Eventually.HoldsAsync(() => partition.Pipeline.CustomerCount == 1, "the call is applied");
        await partition.StopAsync();
        Assert.NotNull(partition.Store.LoadCustomer("u1"));
        Assert.Equal(0, partition.Store.LoadPositions()["topic/0"]);
    }

    [Fact]
    public async Task Redelivered_records_change_nothing()
    {
        await using (var first = new LivePartition(_folder, [_source], [_sink]))
        {
            await first.StartAsync();
            _source.Put(Shop.Order("u1", 60), Shop.Noon);
            _source.Put("not json", Shop.Noon);
            await Eventually.HoldsAsync(() => first.Store.LastDeadLetterNumber == 1, "both are applied");
            await first.StopAsync();
        }
        var again = new ScriptedSource();
        again.Put(Shop.Order("u1", 60), Shop.Noon);
        again.Put("not json", Shop.Noon);
        again.Put(Shop.Order("u1", 30), Shop.Noon);
        again.Put(Shop.Order("u1", 20), Shop.Noon);
        await using var second = new LivePartition(_folder, [again], [_sink]);
        await second.StartAsync();
        await Eventually.HoldsAsync(() => _sink.Facts.Count == 3, "the last order makes 110");
        Assert.Equal("event:topic/0/3", _sink.Facts[1].Cause);
        Assert.Equal(1, second.Store.LastDeadLetterNumber);
    }

    [Fact]
    public async Task Refused_messages_become_dead_letters_with_position_and_bytes()
    {
        await using var partition = new LivePartition(_folder, [_source], [_sink]);
        _source.Put("""{"batch":[{"type":"nope","userId":"u1"},{"type":"track","event":"x","userId":"u1"}, 5 ]}""", Shop.Noon);
        _source.Put("{", Shop.Noon + 1);
        await partition.StartAsync();
        await Eventually.HoldsAsync(() => partition.Store.LastDeadLetterNumber == 3, "three are refused");
        Assert.Equal(
            [
                ("topic/0/0.0", Refusal.NoType, """{"type":"nope","userId":"u1"}"""),
                ("topic/0/0.2", Refusal.NotJson, "5"),
                ("topic/0/1", Refusal.NotJson, "{"),
            ],
            partition.Store.ReadDeadLetters(0, 10).Select(d => (d.Position.ToString(), d.Reason, Encoding.UTF8.GetString(d.Record.Span))));
    }

    [Fact]
    public async Task Dead_letters_reach_their_second_place_once_it_is_up()
    {
        var topic = new CollectingDeadLetters { IsDown = true };
        await using (var partition = new LivePartition(_folder, [_source], [_sink], deadLetters: [topic]))
        {
            _source.Put("{", Shop.Noon);
            await partition.StartAsync();
            await Eventually.HoldsAsync(() => topic.Tries > 0, "a delivery was tried");
            topic.IsDown = false;
            await Eventually.HoldsAsync(() => topic.Letters.Count == 1, "it is delivered");
            await partition.StopAsync();
        }
        var source = new ScriptedSource();
        source.Put("{{", Shop.Noon, offset: 1);
        await using var second = new LivePartition(_folder, [source], [_sink], deadLetters: [topic]);
        await second.StartAsync();
        await Eventually.HoldsAsync(() => topic.Letters.Count == 2, "the second is delivered, the first not again");
        Assert.Equal([1, 2], topic.Letters.Select(letter => letter.Number));
    }

    [Fact]
    public async Task A_bug_stops_the_partition_and_stores_nothing_of_what_went_wrong()
    {
        await using var partition = new LivePartition(_folder, [_source], [_sink], around: host => new TroubledHost(host, throwsAt: 2));
        _source.Put($$"""{"batch":[{{Shop.Order("u1", 150)}},{{Shop.Order("u2", 150)}}]}""", Shop.Noon);
        await partition.StartAsync();
        var bug = await Assert.ThrowsAsync<InvalidOperationException>(() => partition.Pipeline.Completion);
        Assert.Equal("a bug", bug.Message);
        await partition.StopAsync();
        Assert.Null(partition.Store.LoadCustomer("u1"));
        Assert.Empty(partition.Store.ReadFacts(0, 10));
        Assert.Empty(partition.Store.LoadPositions());
        Assert.False(partition.Pipeline.IsRunning);
    }

    [Fact]
    public async Task A_broken_disk_stops_the_partition_with_its_message_and_answers_nobody_any_more()
    {
        TroubledStore? store = null;
        await using var partition = new LivePartition(_folder, [_source], [_sink], aroundStore: s => store = new TroubledStore(s) { IsBroken = true });
        _source.Put(Shop.Order("u1", 150), Shop.Noon);
        await partition.StartAsync();
        var full = await Assert.ThrowsAsync<DependencyUnavailableException>(() => partition.Pipeline.Completion);
        Assert.Equal("the disk is broken", full.Message);
        Assert.Empty(_sink.Facts);
        Assert.Equal(-1, _source.CommittedOffset);
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => partition.Pipeline.AskAsync(host => ValueTask.FromResult(host.CustomerCount)));
    }
}
