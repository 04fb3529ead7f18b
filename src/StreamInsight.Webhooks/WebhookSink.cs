using Microsoft.Extensions.Logging;
using StreamInsight.Facts;
using StreamInsight.Pipeline;

namespace StreamInsight.Webhooks;

/// <summary>
/// Brings triggers to one subscriber, as Standard Webhooks says. One lane a customer keeps a customer's triggers in order; lanes go side by side.
/// A trigger is done when it was taken, has expired, or was given up and kept. A subscriber that is down holds nobody else up, the sources included.
/// At least once: after a crash some come again, with the same <c>webhook-id</c>.
/// </summary>
public sealed partial class WebhookSink : IFactSink
{
    private readonly Subscriber _subscriber;
    private readonly WebhookOptions _options;
    private readonly IUndelivered _undelivered;
    private readonly WebhookMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly WebhookClient _client;
    private readonly RetryDelay _delay;
    private readonly Breaker _breaker;
    private readonly SemaphoreSlim _free;
    private OutboxCursor? _cursor;
    private string? _problem;
    private long _taken;

    public WebhookSink(Subscriber subscriber, WebhookOptions options, IUndelivered undelivered, WebhookMetrics metrics, TimeProvider time, ILogger log)
    {
        (_subscriber, _options, _undelivered, _metrics, _time, _log) = (subscriber, options, undelivered, metrics, time, log);
        _client = new WebhookClient(subscriber, options, time);
        _delay = new RetryDelay(options.FirstDelay, options.LongestDelay, Random.Shared.NextDouble);
        _breaker = new Breaker(options.BreakerAfter, _delay);
        _free = new SemaphoreSlim(options.Concurrency);
        metrics.StartAtZero(subscriber.Name);
    }

    /// <summary>Its name in the model.</summary>
    public string Subscriber => _subscriber.Name;

    /// <summary>Not the subscriber's alone: that could be the name of another sink.</summary>
    public string Name => "webhook:" + _subscriber.Name;

    public BreakerState State => _breaker.State;

    public long Behind => _cursor?.Behind ?? 0;

    public string? Problem => Volatile.Read(ref _problem);

    public bool HoldsSources => false;

    // Few, since all of a run are brought again after a crash; enough for the lanes to have work.
    public int MaxFacts => 128;

    public void Attach(OutboxCursor cursor) => _cursor = cursor;

    public bool Takes(OutboxFact fact) => fact.Kind == FactKind.Trigger && fact.To?.Contains(_subscriber.Name) == true;

    public bool JudgesAge => true;

    public Task DeliverAsync(IReadOnlyList<OutboxFact> facts, CancellationToken cancel) =>
        Task.WhenAll(facts.GroupBy(fact => fact.Customer).Select(lane => RunLaneAsync([.. lane], cancel)));

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        _free.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task RunLaneAsync(OutboxFact[] lane, CancellationToken cancel)
    {
        foreach (OutboxFact fact in lane)
            await BringAsync(fact, cancel);
    }

    private async Task BringAsync(OutboxFact fact, CancellationToken cancel)
    {
        long firstMs = NowMs;
        long takenBefore = Volatile.Read(ref _taken);
        for (int failures = 0; ;)
        {
            if (Ending(fact, firstMs) is { } ending)
            {
                End(fact, ending);
                return;
            }
            long waitMs = _breaker.WaitMs(NowMs);
            if (waitMs > 0)
            {
                await WaitAsync(fact, waitMs, cancel);
                continue;
            }
            Answer answer = await PostAsync(fact, cancel);
            if (Judge(fact, answer, ++failures, takenBefore))
                return;
            await WaitAsync(fact, Math.Max(answer.AskedMs, _delay.Ms(failures)), cancel);
        }
    }

    /// <summary>Why a trigger is not tried (again); null = it is. Empty = it has expired.</summary>
    private string? Ending(OutboxFact fact, long firstMs) =>
        fact.ExpiresAtMs <= NowMs ? ""
        : State == BreakerState.Gone ? "gone"
        : Behind > _options.MaxBehind ? "too_far_behind"
        : NowMs - firstMs >= _options.GiveUpAfter.TotalMilliseconds ? "gave_up"
        : null;

    private async Task<Answer> PostAsync(OutboxFact fact, CancellationToken cancel)
    {
        try
        {
            await _free.WaitAsync(cancel);
            try
            {
                return await _client.PostAsync(fact, cancel);
            }
            finally
            {
                _free.Release();
            }
        }
        catch (OperationCanceledException)
        {
            _breaker.Abandoned();
            throw;
        }
    }

    /// <summary>True: the trigger is done.</summary>
    private bool Judge(OutboxFact fact, Answer answer, int tries, long takenBefore)
    {
        if (answer.IsTaken)
        {
            _breaker.Answered();
            Interlocked.Increment(ref _taken);
            _metrics.Sent(_subscriber.Name);
            if (Interlocked.Exchange(ref _problem, null) is not null)
                LogUp(_subscriber.Name);
            return true;
        }
        _metrics.Failed(_subscriber.Name);
        if (Interlocked.Exchange(ref _problem, answer.Problem) is null)
            LogDown(_subscriber.Name, answer.Problem!, Behind);
        if (answer.IsGone)
        {
            if (State != BreakerState.Gone)
                LogGone(_subscriber.Name);
            _breaker.Gone();
            End(fact, "gone");
            return true;
        }
        if (answer.IsRefused)
        {
            _breaker.Answered();
            return tries >= _options.Attempts && End(fact, $"http_{answer.Status}");
        }
        _breaker.Failed(NowMs, answer.AskedMs);
        // It fails on this one while it takes others: it would stand in their way for ever.
        return answer.Status >= 500 && tries >= 2 * _options.Attempts && Volatile.Read(ref _taken) > takenBefore && End(fact, $"http_{answer.Status}");
    }

    private bool End(OutboxFact fact, string reason)
    {
        if (reason.Length == 0)
        {
            _metrics.Expired(_subscriber.Name);
            return true;
        }
        _undelivered.Keep(new UndeliveredFact(_subscriber.Name, fact.Id, fact.Customer, reason, NowMs, fact.Line));
        _metrics.Undelivered(_subscriber.Name);
        LogUndelivered(fact.Id, _subscriber.Name, reason);
        return true;
    }

    /// <summary>Not beyond the trigger's end.</summary>
    private Task WaitAsync(OutboxFact fact, long waitMs, CancellationToken cancel)
    {
        long leftMs = fact.ExpiresAtMs == long.MaxValue ? long.MaxValue : fact.ExpiresAtMs - NowMs + 1;
        return Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, Math.Min(Math.Min(waitMs, leftMs), 60_000))), _time, cancel);
    }

    private long NowMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    [LoggerMessage(EventId = 60, Level = LogLevel.Warning, Message = "Webhooks to {Subscriber} fail: {Reason}. {Behind} facts wait; trying on.")]
    private partial void LogDown(string subscriber, string reason, long behind);

    [LoggerMessage(EventId = 61, Level = LogLevel.Information, Message = "Webhooks to {Subscriber} are taken again.")]
    private partial void LogUp(string subscriber);

    [LoggerMessage(EventId = 62, Level = LogLevel.Error, Message = "{Subscriber} answered 410 Gone: nothing is posted there until the service is started again. Its triggers are kept as undelivered.")]
    private partial void LogGone(string subscriber);

    [LoggerMessage(EventId = 63, Level = LogLevel.Warning, Message = "Trigger {Fact} is not brought to {Subscriber}: {Reason}. It is kept as undelivered.")]
    private partial void LogUndelivered(string fact, string subscriber, string reason);
}
