using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using StreamInsight.Decisions;
using StreamInsight.Pipeline;
using StreamInsight.Testing;
using Xunit;

namespace StreamInsight.Redis;

public sealed class WarmRecordsTests : IAsyncDisposable
{
    private const int ValidForMs = 100_000;

    private readonly RedisServer _redis = new();
    private readonly FactLog _log = new();
    private readonly Meter _meter = new("test");
    private readonly HandClock _clock = new();
    private readonly WarmRecords _records;
    private readonly HashSet<string> _gone = [];
    private long? _knownUntilMs;
    private long _holdsUntilMs = long.MaxValue;
    private long _delivered;

    public WarmRecordsTests() => _records = Records();

    [Fact]
    public async Task A_record_that_still_holds_is_written_again_in_time()
    {
        await RouteAsync("u1", 700);
        var before = _redis.Hash("si:c:{u1}");

        _clock.AdvanceMs(59_000);
        Assert.Equal(0, await _records.RoundAsync(default));
        _clock.AdvanceMs(21_000);
        Assert.Equal(1, await _records.RoundAsync(default));
        Assert.Equal(0, await _records.RoundAsync(default));

        var after = _redis.Hash("si:c:{u1}");
        Assert.Equal(Text(_clock.NowMs + ValidForMs), after["valid_until"]);
        Assert.Equal(Text(_clock.NowMs), after["decided_at"]);
        foreach (string field in before.Keys.Except(["valid_until", "decided_at", "event_time"]))
            Assert.Equal(before[field], after[field]);
        Assert.Equal(before.Count, after.Count);
        Assert.InRange(_redis.Ask("PTTL", "si:c:{u1}").GetInt64(), ValidForMs - 5_000, ValidForMs);
        Assert.InRange(_redis.Scores("si:w")["u1"], _clock.NowMs + 60_000, _clock.NowMs + 80_000);
    }

    [Fact]
    public async Task A_record_that_has_gone_stale_while_nobody_was_there_comes_back()
    {
        await RouteAsync("u1", 700);
        _redis.Ask("DEL", "si:c:{u1}", "si:a:phone:+1");
        _clock.AdvanceMs(10 * ValidForMs);

        await using var next = Records(); // after a restart
        Assert.Equal(1, await next.RoundAsync(default));

        Assert.Equal("700", _redis.Hash("si:c:{u1}")["score"]);
        Assert.Equal("1", _redis.Hash("si:c:{u1}")["seq"]);
    }

    [Fact]
    public async Task While_the_worker_stands_still_records_go_stale()
    {
        await RouteAsync("u1", 700);
        _knownUntilMs = _clock.NowMs; // nothing more is known from here on

        _clock.AdvanceMs(90_000);
        await _records.RoundAsync(default);
        Assert.Equal(Text(_knownUntilMs.Value + ValidForMs), _redis.Hash("si:c:{u1}")["valid_until"]);
        _clock.AdvanceMs(90_000);
        Assert.Equal(0, await _records.RoundAsync(default));
        Assert.Equal(Text(_knownUntilMs.Value + ValidForMs), _redis.Hash("si:c:{u1}")["valid_until"]);

        _knownUntilMs = null;
        _clock.AdvanceMs(2_000);
        Assert.Equal(1, await _records.RoundAsync(default));
    }

    [Fact]
    public async Task A_customer_about_to_change_is_left_to_its_next_fact()
    {
        await RouteAsync("u1", 700);
        _clock.AdvanceMs(90_000);
        _holdsUntilMs = _clock.NowMs - 1; // its timer is due

        Assert.Equal(0, await _records.RoundAsync(default));
        Assert.Equal(0, await _records.RoundAsync(default));

        _holdsUntilMs = long.MaxValue;
        _clock.AdvanceMs(1_001);
        Assert.Equal(1, await _records.RoundAsync(default));
    }

    [Fact]
    public async Task Newer_facts_are_waited_for_and_never_overwritten()
    {
        await RouteAsync("u1", 700);
        _clock.AdvanceMs(90_000);
        _log.Route("u1", Routing(100), _clock.NowMs); // known to the worker, not delivered yet

        Assert.Equal(0, await _records.RoundAsync(default));
        Assert.Equal("700", _redis.Hash("si:c:{u1}")["score"]);
        await DeliverAsync();
        Assert.Equal("100", _redis.Hash("si:c:{u1}")["score"]);

        // And the other way round: the worker's answer is older than what has been delivered meanwhile.
        var old = _log.View("u1");
        _log.Route("u1", Routing(900), _clock.NowMs);
        await DeliverAsync();
        _clock.AdvanceMs(90_000);
        await using var slow = Records(_ => old);
        Assert.Equal(0, await slow.RoundAsync(default));
        Assert.Equal("900", _redis.Hash("si:c:{u1}")["score"]);
    }

    [Fact]
    public async Task A_seq_that_never_comes_because_its_trigger_was_too_old_does_not_let_the_record_go_stale()
    {
        await RouteAsync("u1", 700);
        _log.Trigger("u1", "t", _clock.NowMs);
        _delivered = 1; // the trigger, the second, is still on its way
        _clock.AdvanceMs(90_000);

        Assert.Equal(0, await _records.RoundAsync(default));
        _clock.AdvanceMs(2_000);
        Assert.Equal(0, await _records.RoundAsync(default));
        _delivered = 2; // passed over
        _clock.AdvanceMs(2_000);

        Assert.Equal(1, await _records.RoundAsync(default));
        Assert.Equal("2", _redis.Hash("si:c:{u1}")["seq"]);
    }

    [Fact]
    public async Task An_erased_customer_does_not_come_back()
    {
        await RouteAsync("u1", 700);
        var old = _log.View("u1");
        _clock.AdvanceMs(90_000);
        _log.Erase("u1", _clock.NowMs);
        await DeliverAsync();

        await using var slow = Records(_ => old);
        slow.Tell(["u1"]);
        Assert.Equal(0, await slow.RoundAsync(default));
        Assert.Equal(["si:n:{u1}"], _redis.Keys());

        _redis.Ask("DEL", "si:n:{u1}"); // as the eraser does
        slow.Tell(["u1"]);
        Assert.Equal(0, await slow.RoundAsync(default));
        Assert.Empty(_redis.Keys());
    }

    [Fact]
    public async Task Who_does_not_exist_any_more_is_no_longer_asked_for()
    {
        await RouteAsync("u1", 700);
        _clock.AdvanceMs(90_000);
        _gone.Add("u1");

        await _records.RoundAsync(default);

        Assert.Empty(_redis.Keys("si:w"));
    }

    [Fact]
    public async Task A_phone_that_no_fact_tells_is_found_at_once()
    {
        _log.Told("u1", ("phone", "+1"));
        await RouteAsync("u1", 700);
        _log.Told("u1", ("phone", "+2"));

        _records.Tell(["u1"]);
        Assert.Equal(1, await _records.RoundAsync(default));

        Assert.Equal(["si:a:phone:+2"], _redis.Keys("si:a:*"));
    }

    [Fact]
    public async Task A_Redis_that_has_lost_everything_is_filled_again()
    {
        for (int i = 0; i < 12; i++)
        {
            _log.Told($"u{i:00}", ("phone", $"+1{i:00}"));
            _log.Route($"u{i:00}", Routing(100 + i), _clock.NowMs);
        }
        await DeliverAsync();
        string[] before = _redis.Keys();
        _redis.Ask("FLUSHALL");

        await using var records = Records(routed: (after, max) => [.. Enumerable.Range(0, 12).Select(i => $"u{i:00}").Where(c => string.CompareOrdinal(c, after) > 0).Take(max)]);
        int written = 0;
        for (int round = 0; round < 3; round++)
        {
            written += await records.RoundAsync(default);
            _clock.AdvanceMs(1_001);
        }

        Assert.Equal(12, written);
        Assert.Equal(before, _redis.Keys());
        Assert.Equal("111", _redis.Hash("si:c:{u11}")["score"]);
        Assert.Equal("1", _redis.Hash("si:c:{u11}")["seq"]);
    }

    [Fact]
    public async Task A_million_records_written_at_once_are_not_due_at_once()
    {
        for (int i = 0; i < 2000; i++)
            _log.Route($"u{i}", Routing(i % 1000), _clock.NowMs);
        await DeliverAsync();
        long start = _clock.NowMs;

        // A fifth of their time, 20 s: 100 in each second on average.
        var seconds = _redis.Scores("si:w").Values.GroupBy(due => (due - start) / 1000).ToDictionary(g => g.Key, g => g.Count());
        Assert.InRange(seconds.Keys.Min(), 60, 61);
        Assert.InRange(seconds.Keys.Max(), 78, 80);
        Assert.All(seconds.Values, count => Assert.InRange(count, 1, 200));

        _clock.AdvanceMs(ValidForMs);
        Assert.Equal(200, await _records.RoundAsync(default)); // 1,000 a second, five turns a second
    }

    public async ValueTask DisposeAsync()
    {
        await _records.DisposeAsync();
        _meter.Dispose();
        _redis.Dispose();
    }

    private static string Text(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");

    private RoutingDecision Routing(double score) => new("a", score, ["r"], "a7", [], _clock.NowMs + ValidForMs);

    private async Task RouteAsync(string customer, double score)
    {
        _log.Route(customer, Routing(score), _clock.NowMs);
        await DeliverAsync();
    }

    private async Task DeliverAsync()
    {
        await using var sink = new RedisFactSink(new RedisOptions { Address = _redis.Address }, _clock);
        await sink.DeliverAsync(_log.Facts, default);
        _delivered = _log.Facts.Count;
    }

    private WarmRecords Records(Func<string, CustomerView>? view = null, Func<string, int, IReadOnlyList<string>>? routed = null) => new(
        new RedisOptions { Address = _redis.Address, RefreshesPerSecond = 1000 }, ValidForMs,
        customers => Task.FromResult(new Standing(
            [.. customers.Select(customer => _gone.Contains(customer) ? null : (view ?? (c => _log.View(c, _clock.NowMs)))(customer) with { HoldsUntilMs = _holdsUntilMs })],
            _knownUntilMs ?? _clock.NowMs, _log.Facts.Count)),
        () => _delivered, new WarmMetrics(_meter), _clock, NullLogger.Instance) { Routed = routed };

    /// <summary>A clock that a test moves.</summary>
    private sealed class HandClock : TimeProvider
    {
        public long NowMs { get; private set; } = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

        public void AdvanceMs(long ms) => NowMs += ms;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(NowMs);
    }
}
