using System.Collections.Concurrent;
using System.Text.Json;
using StreamInsight.Pipeline;
using StreamInsight.Webhooks.Tests.Setting;

namespace StreamInsight.Webhooks.Tests;

public sealed class WebhookSinkTests : IDisposable
{
    private readonly Receiver _receiver = new();

    public void Dispose() => _receiver.Dispose();

    [Fact]
    public async Task A_trigger_is_posted_with_id_timestamp_signature_and_the_fact()
    {
        await using var bench = new Bench(_receiver.Url);
        await bench.Sink.DeliverAsync([Bench.Trigger(1)], default);

        Receiver.Received got = Assert.Single(_receiver.Got);
        Assert.Equal("f1", got.Id);
        Assert.Equal("""{"type":"save_me","timestamp":"2026-03-01T12:00:00.000Z","data":{"id":"f1","customer":"u1","seq":1,"with":{}}}""", got.Body);
        Assert.Equal(SigningSecrets.Parse(Bench.Secret)!.Sign("f1", long.Parse(got.Timestamp), System.Text.Encoding.UTF8.GetBytes(got.Body)), got.Signature);
        Assert.InRange(long.Parse(got.Timestamp), DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 60, DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 60);
        Assert.Equal(1, bench.Counted["streaminsight_webhook_sent"]);
        JsonDocument.Parse(got.Body).Dispose();
    }

    [Fact]
    public async Task It_takes_the_triggers_that_name_it_and_nothing_else()
    {
        await using var bench = new Bench(_receiver.Url);
        Assert.True(bench.Sink.Takes(Bench.Trigger(1)));
        Assert.False(bench.Sink.Takes(Bench.Trigger(1, to: "redis")));
        Assert.False(bench.Sink.Takes(Bench.Trigger(1) with { Kind = StreamInsight.Facts.FactKind.SegmentEntered, To = null }));
    }

    [Fact]
    public async Task A_customers_triggers_stay_in_order_through_failures_while_others_go_on()
    {
        var failures = new ConcurrentDictionary<string, int>();
        _receiver.Answer = got => Task.FromResult(failures.AddOrUpdate(got.Id, 1, (_, n) => n + 1) <= 2 && got.Id is "f1" or "f5" && failures[got.Id] <= 2 ? 503 : 200);
        await using var bench = new Bench(_receiver.Url);
        OutboxFact[] facts = [.. Enumerable.Range(1, 40).Select(n => Bench.Trigger(n, customer: $"u{n % 4}"))];
        await bench.Sink.DeliverAsync(facts, default);

        var taken = _receiver.Got.ToArray().GroupBy(got => got.Id).ToDictionary(g => g.Key, g => g.Count());
        Assert.Equal(40, taken.Count);
        foreach (var lane in facts.GroupBy(fact => fact.Customer))
        {
            string[] ids = [.. lane.Select(fact => fact.Id)];
            Assert.Equal(ids, _receiver.Got.Where(got => ids.Contains(got.Id)).Select(got => got.Id).Distinct());
        }
        Assert.Equal((3, 3), (taken["f1"], taken["f5"]));
        Assert.Equal(40, bench.Counted["streaminsight_webhook_sent"]);
        Assert.Empty(bench.Undelivered);
        Assert.Null(bench.Sink.Problem);
    }

    [Fact]
    public async Task What_is_refused_is_given_up_after_some_tries_and_kept_with_its_reason()
    {
        _receiver.Answer = got => Task.FromResult(got.Id == "f1" ? 400 : 200);
        await using var bench = new Bench(_receiver.Url, options => options with { Attempts = 3 });
        await bench.Sink.DeliverAsync([Bench.Trigger(1), Bench.Trigger(2)], default);

        Assert.Equal(["f1", "f1", "f1", "f2"], _receiver.Got.Select(got => got.Id));
        UndeliveredFact kept = Assert.Single(bench.Undelivered);
        Assert.Equal(("crm", "f1", "u1", "http_400"), (kept.Subscriber, kept.FactId, kept.Customer, kept.Reason));
        Assert.Equal(1, bench.Counted["streaminsight_webhook_undelivered"]);
    }

    [Fact]
    public async Task Redirects_are_not_followed()
    {
        _receiver.Answer = _ => Task.FromResult(302);
        _receiver.Location = "/elsewhere";
        await using var bench = new Bench(_receiver.Url, options => options with { Attempts = 2 });
        await bench.Sink.DeliverAsync([Bench.Trigger(1)], default);
        Assert.Equal(["/hook", "/hook"], _receiver.Got.Select(got => got.Path));
        Assert.Equal("http_302", Assert.Single(bench.Undelivered).Reason);
    }

    [Fact]
    public async Task Gone_ends_it_until_restart()
    {
        _receiver.Answer = _ => Task.FromResult(410);
        await using var bench = new Bench(_receiver.Url);
        await bench.Sink.DeliverAsync([Bench.Trigger(1), Bench.Trigger(2)], default);
        await bench.Sink.DeliverAsync([Bench.Trigger(3)], default);
        Assert.Single(_receiver.Got);
        Assert.Equal(BreakerState.Gone, bench.Sink.State);
        Assert.Equal(["f1", "f2", "f3"], bench.Undelivered.Select(fact => fact.FactId));
        Assert.All(bench.Undelivered, fact => Assert.Equal("gone", fact.Reason));
    }

    [Fact]
    public async Task What_is_too_old_is_counted_and_not_sent()
    {
        await using var bench = new Bench(_receiver.Url);
        await bench.Sink.DeliverAsync([Bench.Trigger(1, expiresAtMs: 1), Bench.Trigger(2)], default);
        Assert.Equal(["f2"], _receiver.Got.Select(got => got.Id));
        Assert.Equal(1, bench.Counted["streaminsight_webhook_expired"]);
    }

    [Fact]
    public async Task What_grows_too_old_while_it_is_tried_is_counted_too()
    {
        _receiver.Answer = _ => Task.FromResult(500);
        await using var bench = new Bench(_receiver.Url);
        await bench.Sink.DeliverAsync([Bench.Trigger(1, expiresAtMs: DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + 300)], default);
        Assert.Equal(1, bench.Counted["streaminsight_webhook_expired"]);
        Assert.NotNull(bench.Sink.Problem);
        Assert.Empty(bench.Undelivered);
    }

    [Fact]
    public async Task Retry_after_is_honoured()
    {
        int asked = 0;
        _receiver.RetryAfter = "1";
        _receiver.Answer = _ => Task.FromResult(Interlocked.Increment(ref asked) == 1 ? 429 : 200);
        await using var bench = new Bench(_receiver.Url);
        long started = Environment.TickCount64;
        await bench.Sink.DeliverAsync([Bench.Trigger(1)], default);
        Assert.True(Environment.TickCount64 - started >= 950);
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task One_message_that_is_always_answered_500_does_not_stand_in_the_way_for_ever()
    {
        _receiver.Answer = async got =>
        {
            await Task.Delay(got.Id == "f1" ? 0 : 20);
            return got.Id == "f1" ? 500 : 200;
        };
        await using var bench = new Bench(_receiver.Url, options => options with { Attempts = 2 });
        await bench.Sink.DeliverAsync([Bench.Trigger(1, "bad"), .. Enumerable.Range(2, 8).Select(n => Bench.Trigger(n, $"u{n}"))], default);
        Assert.Equal("http_500", Assert.Single(bench.Undelivered).Reason);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_is_a_failure_and_tried_again()
    {
        int asked = 0;
        _receiver.Answer = async _ =>
        {
            if (Interlocked.Increment(ref asked) == 1)
                await Task.Delay(3000);
            return 200;
        };
        await using var bench = new Bench(_receiver.Url, options => options with { Timeout = TimeSpan.FromMilliseconds(200) });
        await bench.Sink.DeliverAsync([Bench.Trigger(1)], default);
        Assert.Equal(["f1", "f1"], _receiver.Got.Select(got => got.Id));
        Assert.Equal(1, bench.Counted["streaminsight_webhook_failed_requests"]);
    }

    [Fact]
    public async Task A_name_that_resolves_to_this_machine_is_refused()
    {
        string host = System.Net.Dns.GetHostName();
        await using var bench = new Bench(new Uri($"http://{host}:{_receiver.Url.Port}/hook"), options => options with { GiveUpAfter = TimeSpan.FromMilliseconds(50), AllowHttp = true });
        await bench.Sink.DeliverAsync([Bench.Trigger(1)], default);
        Assert.Empty(_receiver.Got);
        Assert.Equal("gave_up", Assert.Single(bench.Undelivered).Reason);
    }

    [Fact]
    public async Task A_subscriber_that_is_down_can_be_left_at_once()
    {
        _receiver.Answer = _ => Task.FromResult(503);
        await using var bench = new Bench(_receiver.Url);
        using var stop = new CancellationTokenSource(200);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.Sink.DeliverAsync([Bench.Trigger(1)], stop.Token));
        Assert.Empty(bench.Undelivered);
    }

    [Fact]
    public async Task Many_partitions_share_one_breaker_so_a_dead_subscriber_gets_one_request_at_a_time()
    {
        _receiver.Answer = _ => Task.FromResult(503);
        await using var bench = new Bench(_receiver.Url, options => options with { Concurrency = 4, BreakerAfter = 5, FirstDelay = TimeSpan.FromMinutes(1), LongestDelay = TimeSpan.FromMinutes(1) });
        using var stop = new CancellationTokenSource(1000);
        Task[] partitions = [.. Enumerable.Range(0, 48).Select(p => bench.NewSink().DeliverAsync([.. Enumerable.Range(1, 100).Select(n => Bench.Trigger(n, $"u{p}-{n}"))], stop.Token))];
        await Task.WhenAll(partitions).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        // Five open it; those under way then are at most three more. 4,800 wait. (A jitter near 0 lets single ones try.)
        Assert.InRange(_receiver.Got.Count, 5, 30);
        Assert.Equal(BreakerState.Open, bench.Channel.State);
    }

    [Fact]
    public async Task Many_partitions_share_the_number_of_requests_at_a_time()
    {
        int now = 0, most = 0;
        _receiver.Answer = async _ =>
        {
            int running = Interlocked.Increment(ref now);
            lock (_receiver)
                most = Math.Max(most, running);
            await Task.Delay(2);
            Interlocked.Decrement(ref now);
            return 200;
        };
        await using var bench = new Bench(_receiver.Url, options => options with { Concurrency = 4 });
        await Task.WhenAll(Enumerable.Range(0, 20).Select(p => bench.NewSink().DeliverAsync([.. Enumerable.Range(1, 10).Select(n => Bench.Trigger((100 * p) + n, $"u{p}-{n}"))], default)));
        Assert.Equal(200, _receiver.Got.Select(got => got.Id).Distinct().Count());
        Assert.InRange(most, 1, 4);
    }

    [Fact]
    public async Task All_partitions_go_on_when_the_subscriber_is_back()
    {
        bool isBack = false;
        _receiver.Answer = _ => Task.FromResult(Volatile.Read(ref isBack) ? 200 : 503);
        await using var bench = new Bench(_receiver.Url);
        Task[] partitions = [.. Enumerable.Range(0, 16).Select(p => bench.NewSink().DeliverAsync([.. Enumerable.Range(1, 20).Select(n => Bench.Trigger((100 * p) + n, $"u{p}-{n}"))], default))];
        while (bench.Channel.State == BreakerState.Closed)
            await Task.Yield();
        Volatile.Write(ref isBack, true);
        await Task.WhenAll(partitions).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(320, bench.Counted["streaminsight_webhook_sent"]);
        Assert.Null(bench.Channel.Problem);
    }

    [Fact]
    public async Task What_cannot_be_kept_now_is_kept_later_and_nothing_is_posted_again_for_it()
    {
        _receiver.Answer = got => Task.FromResult(got.Id == "f1" ? 400 : 200);
        await using var bench = new Bench(_receiver.Url, options => options with { Attempts = 1 });
        bench.RefusesToKeep = 3;
        await bench.Sink.DeliverAsync([Bench.Trigger(1, "u1"), Bench.Trigger(2, "u2")], default);
        Assert.Equal("f1", Assert.Single(bench.Undelivered).FactId);
        Assert.Equal(2, _receiver.Got.Count);
    }
}
