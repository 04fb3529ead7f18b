using Microsoft.Extensions.Logging;
using StreamInsight.Facts;

namespace StreamInsight.Pipeline;

/// <summary>
/// Brings the outbox to one sink: in order, again and again while the sink is down, at its own cursor.
/// </summary>
public sealed partial class SinkRunner
{
    private readonly IFactSink _sink;
    private readonly Outbox _outbox;
    private readonly PipelineMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly OutboxCursor _cursor;
    private readonly List<OutboxFact> _due;
    private readonly BackOff _backOff;
    private string? _problem;
    private int _expired;

    public SinkRunner(IFactSink sink, Outbox outbox, PipelineMetrics metrics, TimeProvider time, ILogger log, Random? random = null)
    {
        _backOff = new BackOff(random);
        (_sink, _outbox, _metrics, _time, _log) = (sink, outbox, metrics, time, log);
        _cursor = outbox.AddSink(sink.Name, sink.HoldsSources);
        _due = new List<OutboxFact>(sink.MaxFacts);
        sink.Attach(_cursor);
    }

    public string Name => _sink.Name;

    public OutboxCursor Cursor => _cursor;

    /// <summary>What the last try ended in; null = it went well.</summary>
    public string? Problem => _problem ?? _sink.Problem;

    /// <summary>Runs until cancelled; nothing a sink does ends it.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var news = new WakeSignal();
        using IDisposable listening = _outbox.Listen(news);
        while (!cancel.IsCancellationRequested)
        {
            IReadOnlyList<OutboxFact> facts = _outbox.Read(_cursor.Position, _sink.MaxFacts);
            if (facts.Count == 0)
                await news.WaitAsync(cancel);
            else if (await TryDeliverAsync(facts, cancel))
                _cursor.MoveTo(facts[^1].Position);
            else
                await Task.Delay(_backOff.Next(), _time, cancel);
        }
    }

    private async Task<bool> TryDeliverAsync(IReadOnlyList<OutboxFact> facts, CancellationToken cancel)
    {
        // Judged anew at each try: what waited too long while the sink was down is not sent any more.
        long nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        _due.Clear();
        _expired = 0;
        foreach (OutboxFact fact in facts)
        {
            if (!_sink.Takes(fact))
                continue;
            if (fact.ExpiresAtMs > nowMs || _sink.JudgesAge)
                _due.Add(fact);
            else
                _expired++;
        }
        try
        {
            if (_due.Count > 0)
                await _sink.DeliverAsync(_due, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception error)
        {
            if (_backOff.Failures == 0)
                LogDown(_sink.Name, error.Message, _cursor.Behind);
            _problem = error.Message;
            _metrics.SinkFailed(_sink.Name);
            return false;
        }
        if (_backOff.Failures > 0)
            LogUp(_sink.Name, _backOff.Failures);
        _backOff.Reset();
        _problem = null;
        Count();
        return true;
    }

    private void Count()
    {
        _metrics.Delivered(_sink.Name, _due.Count, _expired);
        long nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (OutboxFact fact in _due)
        {
            // A timer's fact is as late as the timer was, which has a metric of its own.
            if (fact.Kind != FactKind.Trigger && fact.Cause.StartsWith("event:", StringComparison.Ordinal))
                _metrics.EndToEnd(_sink.Name, nowMs - fact.AtMs);
        }
    }

    [LoggerMessage(EventId = 10, Level = LogLevel.Warning, Message = "Sink {Sink} does not take facts: {Reason}. {Waiting} wait; trying on.")]
    private partial void LogDown(string sink, string reason, long waiting);

    [LoggerMessage(EventId = 11, Level = LogLevel.Information, Message = "Sink {Sink} takes facts again after {Tries} tries.")]
    private partial void LogUp(string sink, int tries);
}
