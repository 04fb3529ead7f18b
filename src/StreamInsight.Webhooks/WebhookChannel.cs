using Microsoft.Extensions.Logging;
using StreamInsight.Pipeline;

namespace StreamInsight.Webhooks;

/// <summary>
/// One subscriber as this process knows it: its connections, its breaker, and how many requests it gets at a time; one, for however many partitions have triggers for it. Any thread.
/// </summary>
public sealed partial class WebhookChannel : IDisposable
{
    private readonly Subscriber _subscriber;
    private readonly WebhookMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly WebhookClient _client;
    private readonly RetryDelay _delay;
    private readonly Breaker _breaker;
    private readonly SemaphoreSlim _free;
    private readonly List<WebhookSink> _sinks = [];
    private string? _problem;
    private long _taken;

    public WebhookChannel(Subscriber subscriber, WebhookOptions options, WebhookMetrics metrics, TimeProvider time, ILogger log)
    {
        (_subscriber, Options, _metrics, _time, _log) = (subscriber, options, metrics, time, log);
        _client = new WebhookClient(subscriber, options, time);
        _delay = new RetryDelay(options.FirstDelay, options.LongestDelay, Random.Shared.NextDouble);
        _breaker = new Breaker(options.BreakerAfter, _delay);
        _free = new SemaphoreSlim(options.Concurrency);
        metrics.StartAtZero(subscriber.Name);
    }

    /// <summary>Its name in the model.</summary>
    public string Subscriber => _subscriber.Name;

    public BreakerState State => _breaker.State;

    /// <summary>Committed facts that were not looked at for it yet, of all partitions of this process.</summary>
    public long Behind
    {
        get
        {
            lock (_sinks)
                return _sinks.Sum(sink => sink.Behind);
        }
    }

    /// <summary>Why the last request was not taken; null = it was.</summary>
    public string? Problem => Volatile.Read(ref _problem);

    internal WebhookOptions Options { get; }

    /// <summary>Triggers it has taken.</summary>
    internal long Taken => Volatile.Read(ref _taken);

    public void Dispose()
    {
        _client.Dispose();
        _free.Dispose();
    }

    internal void Add(WebhookSink sink)
    {
        lock (_sinks)
            _sinks.Add(sink);
    }

    internal void Remove(WebhookSink sink)
    {
        lock (_sinks)
            _sinks.Remove(sink);
    }

    /// <summary>
    /// Posts a trigger when its turn has come, unless it has ended by then or the breaker is open: whoever waits behind others must not post what they have found to be in vain.
    /// null = it was not posted; ask <see cref="WaitAsync"/>.
    /// </summary>
    internal async Task<Answer?> TryPostAsync(OutboxFact fact, Func<bool> hasEnded, CancellationToken cancel)
    {
        await _free.WaitAsync(cancel);
        try
        {
            if (hasEnded() || _breaker.WaitMs(NowMs) > 0)
                return null;
            try
            {
                Answer answer = await _client.PostAsync(fact, cancel);
                Judge(answer);
                return answer;
            }
            catch (OperationCanceledException)
            {
                _breaker.Abandoned();
                throw;
            }
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Until the breaker may let a request through, but not beyond <paramref name="untilMs"/>. False: it would at once.</summary>
    internal async Task<bool> WaitAsync(long untilMs, CancellationToken cancel)
    {
        Task settled = _breaker.Settled;
        long waitMs = _breaker.LeftMs(NowMs);
        if (waitMs == 0)
            return false;
        await settled.WaitAsync(Span(waitMs, untilMs), _time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        cancel.ThrowIfCancellationRequested();
        return true;
    }

    /// <summary>Before a trigger that failed so often is tried again, but not beyond <paramref name="untilMs"/>.</summary>
    internal Task DelayAsync(int failures, long askedMs, long untilMs, CancellationToken cancel) => Task.Delay(Span(Math.Max(askedMs, _delay.Ms(failures)), untilMs), _time, cancel);

    private void Judge(in Answer answer)
    {
        if (answer.IsTaken)
        {
            _breaker.Answered();
            Interlocked.Increment(ref _taken);
            _metrics.Sent(Subscriber);
            if (Interlocked.Exchange(ref _problem, null) is not null)
                LogUp(Subscriber);
            return;
        }
        _metrics.Failed(Subscriber);
        if (Interlocked.Exchange(ref _problem, answer.Problem) is null)
            LogDown(Subscriber, answer.Problem!, Behind);
        if (answer.IsGone)
        {
            if (State != BreakerState.Gone)
                LogGone(Subscriber);
            _breaker.Gone();
        }
        else if (answer.IsRefused)
            _breaker.Answered();
        else
            _breaker.Failed(NowMs, answer.AskedMs);
    }

    private TimeSpan Span(long waitMs, long untilMs)
    {
        long leftMs = untilMs == long.MaxValue ? long.MaxValue : untilMs - NowMs + 1;
        return TimeSpan.FromMilliseconds(Math.Max(1, Math.Min(Math.Min(waitMs, leftMs), 60_000)));
    }

    private long NowMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    [LoggerMessage(EventId = 60, Level = LogLevel.Warning, Message = "Webhooks to {Subscriber} fail: {Reason}. {Behind} facts wait; trying on.")]
    private partial void LogDown(string subscriber, string reason, long behind);

    [LoggerMessage(EventId = 61, Level = LogLevel.Information, Message = "Webhooks to {Subscriber} are taken again.")]
    private partial void LogUp(string subscriber);

    [LoggerMessage(EventId = 62, Level = LogLevel.Error, Message = "{Subscriber} answered 410 Gone: nothing is posted there until the service is started again. Its triggers are kept as undelivered.")]
    private partial void LogGone(string subscriber);
}
