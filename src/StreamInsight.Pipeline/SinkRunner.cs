using Microsoft.Extensions.Logging;
using StreamInsight.Facts;

namespace StreamInsight.Pipeline;

/// <summary>
/// Brings the outbox to one sink: in order, again and again while the sink is down, at its own cursor.
/// </summary>
public sealed partial class SinkRunner(IFactSink sink, Outbox outbox, PipelineMetrics metrics, TimeProvider time, ILogger log, Random? random = null)
{
    private const int MaxFacts = 1024;

    private readonly OutboxCursor _cursor = outbox.AddSink(sink.Name);
    private readonly List<OutboxFact> _due = new(MaxFacts);
    private readonly BackOff _backOff = new(random);

    public string Name => sink.Name;

    public OutboxCursor Cursor => _cursor;

    /// <summary>What the last try ended in; null = it went well.</summary>
    public string? Problem { get; private set; }

    /// <summary>Runs until cancelled; nothing a sink does ends it.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var news = new WakeSignal();
        using IDisposable listening = outbox.Listen(news);
        while (!cancel.IsCancellationRequested)
        {
            IReadOnlyList<OutboxFact> facts = outbox.Read(_cursor.Position, MaxFacts);
            if (facts.Count == 0)
                await news.WaitAsync(cancel);
            else if (await TryDeliverAsync(facts, cancel))
                _cursor.MoveTo(facts[^1].Position);
            else
                await Task.Delay(_backOff.Next(), time, cancel);
        }
    }

    private async Task<bool> TryDeliverAsync(IReadOnlyList<OutboxFact> facts, CancellationToken cancel)
    {
        // Judged anew at each try: what waited too long while the sink was down is not sent any more.
        long nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        _due.Clear();
        foreach (OutboxFact fact in facts)
        {
            if (fact.ExpiresAtMs > nowMs)
                _due.Add(fact);
        }
        try
        {
            if (_due.Count > 0)
                await sink.DeliverAsync(_due, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception error)
        {
            if (_backOff.Failures == 0)
                LogDown(sink.Name, error.Message, _cursor.Behind);
            Problem = error.Message;
            metrics.SinkFailed(sink.Name);
            return false;
        }
        if (_backOff.Failures > 0)
            LogUp(sink.Name, _backOff.Failures);
        _backOff.Reset();
        Problem = null;
        Count(facts, nowMs);
        return true;
    }

    private void Count(IReadOnlyList<OutboxFact> facts, long startedMs)
    {
        metrics.Delivered(sink.Name, _due.Count, facts.Count - _due.Count);
        long nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (OutboxFact fact in _due)
        {
            // A timer's fact is as late as the timer was, which has a metric of its own.
            if (fact.Kind != FactKind.Trigger && fact.Cause.StartsWith("event:", StringComparison.Ordinal))
                metrics.EndToEnd(sink.Name, nowMs - fact.AtMs);
        }
    }

    [LoggerMessage(EventId = 10, Level = LogLevel.Warning, Message = "Sink {Sink} does not take facts: {Reason}. {Waiting} wait; trying on.")]
    private partial void LogDown(string sink, string reason, long waiting);

    [LoggerMessage(EventId = 11, Level = LogLevel.Information, Message = "Sink {Sink} takes facts again after {Tries} tries.")]
    private partial void LogUp(string sink, int tries);
}
