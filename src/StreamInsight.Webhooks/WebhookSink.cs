using Microsoft.Extensions.Logging;
using StreamInsight.Facts;
using StreamInsight.Pipeline;

namespace StreamInsight.Webhooks;

/// <summary>
/// Brings one partition's triggers to one subscriber, as Standard Webhooks says. One lane a customer keeps a customer's triggers in order; lanes go side by side.
/// A trigger is done when it was taken, has expired, or was given up and kept. A subscriber that is down holds nobody else up, the sources included.
/// At least once: after a crash, or when the partition moves, some come again, with the same <c>webhook-id</c>.
/// </summary>
public sealed partial class WebhookSink : IFactSink
{
    private readonly WebhookChannel _channel;
    private readonly WebhookOptions _options;
    private readonly IUndelivered _undelivered;
    private readonly WebhookMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private OutboxCursor? _cursor;

    /// <param name="channel">Shared with the other partitions of this process.</param>
    /// <param name="undelivered">Where triggers are kept that are given up.</param>
    public WebhookSink(WebhookChannel channel, IUndelivered undelivered, WebhookMetrics metrics, TimeProvider time, ILogger log)
    {
        (_channel, _options, _undelivered, _metrics, _time, _log) = (channel, channel.Options, undelivered, metrics, time, log);
        channel.Add(this);
    }

    /// <summary>Its name in the model.</summary>
    public string Subscriber => _channel.Subscriber;

    /// <summary>Not the subscriber's alone: that could be the name of another sink.</summary>
    public string Name => "webhook:" + Subscriber;

    public BreakerState State => _channel.State;

    public long Behind => _cursor?.Behind ?? 0;

    public string? Problem => _channel.Problem;

    public bool HoldsSources => false;

    // Few, since all of a run are brought again after a crash; enough for the lanes to have work.
    public int MaxFacts => 128;

    public void Attach(OutboxCursor cursor) => _cursor = cursor;

    public bool Takes(OutboxFact fact) => fact.Kind == FactKind.Trigger && fact.To?.Contains(Subscriber) == true;

    public bool JudgesAge => true;

    public Task DeliverAsync(IReadOnlyList<OutboxFact> facts, CancellationToken cancel) =>
        Task.WhenAll(facts.GroupBy(fact => fact.Customer).Select(lane => RunLaneAsync([.. lane], cancel)));

    public ValueTask DisposeAsync()
    {
        _channel.Remove(this);
        return ValueTask.CompletedTask;
    }

    private async Task RunLaneAsync(OutboxFact[] lane, CancellationToken cancel)
    {
        foreach (OutboxFact fact in lane)
        {
            if (await BringAsync(fact, cancel) is { } ending)
                await EndAsync(fact, ending, cancel);
        }
    }

    /// <summary>Why the trigger was given up; empty = it has expired; null = it was taken.</summary>
    private async Task<string?> BringAsync(OutboxFact fact, CancellationToken cancel)
    {
        long firstMs = NowMs;
        long takenBefore = _channel.Taken;
        for (int failures = 0; ;)
        {
            if (Ending(fact, firstMs) is { } ending)
                return ending;
            if (await _channel.WaitAsync(fact.ExpiresAtMs, cancel) || await _channel.TryPostAsync(fact, () => Ending(fact, firstMs) is not null, cancel) is not { } answer)
                continue;
            if (answer.IsTaken)
                return null;
            failures++;
            if (answer.IsGone)
                return "gone";
            if (answer.IsRefused && failures >= _options.Attempts)
                return $"http_{answer.Status}";
            // It fails on this one while it takes others: it would stand in their way for ever.
            if (answer.Status >= 500 && failures >= 2 * _options.Attempts && _channel.Taken > takenBefore)
                return $"http_{answer.Status}";
            await _channel.DelayAsync(failures, answer.AskedMs, fact.ExpiresAtMs, cancel);
        }
    }

    /// <summary>Why a trigger is not tried (again); null = it is. Empty = it has expired.</summary>
    private string? Ending(OutboxFact fact, long firstMs) =>
        fact.ExpiresAtMs <= NowMs ? ""
        : State == BreakerState.Gone ? "gone"
        : Behind > _options.MaxBehind ? "too_far_behind"
        : NowMs - firstMs >= _options.GiveUpAfter.TotalMilliseconds ? "gave_up"
        : null;

    /// <summary>What cannot be kept now is not forgotten, and what others of its run have taken is not posted again for it.</summary>
    private async Task EndAsync(OutboxFact fact, string reason, CancellationToken cancel)
    {
        if (reason.Length == 0)
        {
            _metrics.Expired(Subscriber);
            return;
        }
        for (int failures = 1; ; failures++)
        {
            try
            {
                _undelivered.Keep(new UndeliveredFact(Subscriber, fact.Id, fact.Customer, reason, NowMs, fact.Line));
                break;
            }
            catch (DependencyUnavailableException error)
            {
                if (failures == 1)
                    LogNotKept(fact.Id, Subscriber, error.Message);
                await _channel.DelayAsync(failures, 0, long.MaxValue, cancel);
            }
        }
        _metrics.Undelivered(Subscriber);
        LogUndelivered(fact.Id, Subscriber, reason);
    }

    private long NowMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    [LoggerMessage(EventId = 63, Level = LogLevel.Warning, Message = "Trigger {Fact} is not brought to {Subscriber}: {Reason}. It is kept as undelivered.")]
    private partial void LogUndelivered(string fact, string subscriber, string reason);

    [LoggerMessage(EventId = 64, Level = LogLevel.Warning, Message = "Trigger {Fact} for {Subscriber} is given up and cannot be kept as undelivered now: {Reason} Trying on.")]
    private partial void LogNotKept(string fact, string subscriber, string reason);
}
