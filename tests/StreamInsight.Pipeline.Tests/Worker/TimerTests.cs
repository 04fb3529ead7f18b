using StreamInsight.Facts;
using StreamInsight.Pipeline.Tests.Setting;

namespace StreamInsight.Pipeline.Tests.Worker;

/// <summary>The model's segment is left when the ten minutes after the order are over.</summary>
public sealed class TimerTests : IDisposable
{
    private const long TenMinutes = 600_000;
    private const long Grace = 250;

    private readonly TempFolder _folder = new();
    private readonly ScriptedSource _source = new();
    private readonly CollectingSink _sink = new();
    private readonly ManualTime _time = new(Shop.Noon);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_timer_fires_when_the_wall_clock_passes_due_plus_grace_and_not_before()
    {
        await using var partition = new LivePartition(_folder, [_source], [_sink], _time);
        await partition.StartAsync();
        _source.Put(Shop.Order("u1", 150), Shop.Noon);
        await SinkHasAsync(3);

        _time.Advance(TimeSpan.FromMilliseconds(TenMinutes + Grace - 1));
        await partition.Pipeline.AskAsync(host => ValueTask.FromResult(host.CustomerCount));
        await partition.Pipeline.AskAsync(host => ValueTask.FromResult(host.CustomerCount));
        Assert.Equal(3, _sink.Facts.Count);

        _time.Advance(TimeSpan.FromMilliseconds(2));
        await SinkHasAsync(4);
        OutboxFact left = _sink.Facts[3];
        Assert.Equal((FactKind.SegmentLeft, "timer", Shop.Noon + TenMinutes), (left.Kind, left.Cause, left.AtMs));
    }

    [Fact]
    public async Task Timers_of_customers_that_are_not_loaded_fire_after_a_restart()
    {
        await using (var first = new LivePartition(_folder, [_source], [_sink], _time))
        {
            await first.StartAsync();
            _source.Put(Shop.Order("u1", 150), Shop.Noon);
            await SinkHasAsync(3);
            await first.StopAsync();
        }
        _time.Advance(TimeSpan.FromHours(1));
        var source = new ScriptedSource();
        await using var second = new LivePartition(_folder, [source], [_sink], _time);
        await second.StartAsync();
        source.Beat();
        await SinkHasAsync(4);
        Assert.Equal(Shop.Noon + TenMinutes, _sink.Facts[3].AtMs);
    }

    [Fact]
    public async Task A_backlog_is_applied_before_the_wall_clock_moves_its_customers_on()
    {
        await using (var first = new LivePartition(_folder, [_source], [_sink], _time))
        {
            await first.StartAsync();
            _source.Put(Shop.Order("u1", 150), Shop.Noon);
            await SinkHasAsync(3);
            await first.StopAsync();
        }
        // An hour later: a record of minute 5 waits, then one of minute 20, then the source has caught up.
        _time.Advance(TimeSpan.FromHours(1));
        var source = new ScriptedSource { IsCaughtUp = false };
        await using var second = new LivePartition(_folder, [source], [_sink], _time);
        await second.StartAsync();
        source.Put(Shop.Order("u1", 200), Shop.Noon + TenMinutes / 2, offset: 1);
        await Eventually.HoldsAsync(() => source.CommittedOffset == 1 || Advance(), "the record of minute 5 is durable");
        Assert.Equal(3, _sink.Facts.Count);

        source.Put(Shop.Order("u2", 10), Shop.Noon + 2 * TenMinutes, offset: 2);
        await SinkHasAsync(5);
        Assert.Equal((FactKind.SegmentLeft, Shop.Noon + TenMinutes * 3 / 2), Assert.Single(_sink.Facts.Skip(3).Where(f => f.Customer == "u1").Select(f => (f.Kind, f.AtMs))));

        bool Advance()
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            return false;
        }
    }

    [Fact]
    public async Task A_stop_does_not_move_customers_past_records_that_were_not_read()
    {
        await using (var first = new LivePartition(_folder, [_source], [_sink], _time))
        {
            await first.StartAsync();
            _source.Put(Shop.Order("u1", 150), Shop.Noon);
            await SinkHasAsync(3);
            await first.StopAsync();
        }
        _time.Advance(TimeSpan.FromHours(1));
        var source = new ScriptedSource { IsCaughtUp = false };
        await using var second = new LivePartition(_folder, [source], [_sink], _time);
        await second.StartAsync();
        await second.StopAsync();
        Assert.Equal(3, second.Store.LastFactPosition);
    }

    [Fact]
    public async Task With_the_clock_of_records_the_wall_clock_fires_nothing()
    {
        await using var partition = new LivePartition(_folder, [_source], [_sink], _time, new WorkerOptions { Clock = ClockMode.Records });
        await partition.StartAsync();
        _source.Put(Shop.Order("u1", 150), Shop.Noon);
        await SinkHasAsync(3);
        _time.Advance(TimeSpan.FromDays(365));
        _source.Put(Shop.Order("u2", 1), Shop.Noon + TenMinutes - 1);
        await SinkHasAsync(4);
        Assert.DoesNotContain(_sink.Facts, f => f.Kind == FactKind.SegmentLeft);
        _source.Put(Shop.Order("u3", 1), Shop.Noon + TenMinutes);
        await SinkHasAsync(6);
        Assert.Contains(_sink.Facts, f => f is { Customer: "u1", Kind: FactKind.SegmentLeft, AtMs: Shop.Noon + TenMinutes });
    }

    [Fact]
    public async Task Many_timers_due_at_once_do_not_delay_a_live_event()
    {
        var options = new WorkerOptions { MaxTimersARound = 8 };
        await using var partition = new LivePartition(_folder, [_source], [_sink], _time, options);
        await partition.StartAsync();
        for (int i = 0; i < 5000; i++)
            _source.Put(Shop.Order($"u{i}", 150), Shop.Noon);
        await SinkHasAsync(15_000);
        await Eventually.HoldsAsync(() => partition.Pipeline.Outbox.Depth == 0, "all is delivered");

        // While the worker is busy, all timers come due and a live event comes in.
        using var busy = new ManualResetEventSlim();
        Task<bool> holding = partition.Pipeline.AskAsync(_ => ValueTask.FromResult(busy.Wait(TimeSpan.FromSeconds(30))));
        int read = _source.Read;
        _time.Advance(TimeSpan.FromMilliseconds(TenMinutes + Grace + 1));
        _source.Put(Shop.Order("live", 150), _time.NowMs);
        await Eventually.HoldsAsync(() => _source.Read > read, "the live event is read");
        busy.Set();
        await holding;
        await SinkHasAsync(20_003);
        int place = _sink.Facts.Skip(15_000).Select((fact, i) => (fact, i)).First(x => x.fact.Customer == "live").i;
        Assert.True(place < 2500, $"the live event came behind {place} timers");
        Assert.Equal(5000, _sink.Facts.Count(f => f.Kind == FactKind.SegmentLeft));
    }

    private Task SinkHasAsync(int facts) => Eventually.HoldsAsync(() => _sink.Facts.Count >= facts, $"the sink has {facts} facts");
}
