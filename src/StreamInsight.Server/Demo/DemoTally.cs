using System.Text.Json;
using StreamInsight.Facts;
using StreamInsight.Pipeline;

namespace StreamInsight.Server.Demo;

/// <summary>Counts the facts the service sends, as any subscriber could. Any thread.</summary>
public sealed class DemoTally : IFactSink
{
    /// <summary>Of each trigger, so that a frequent one does not hide the others.</summary>
    private const int KeptTriggers = 4;

    private static readonly FactKind[] Kinds = Enum.GetValues<FactKind>();

    private readonly Lock _lock = new();
    private readonly LatencyProbe _latency;
    private readonly Dictionary<string, Moves> _segments = [];
    private readonly long[] _facts = new long[Kinds.Length];
    private readonly Dictionary<string, Queue<TriggerFigures>> _triggers = [];
    private long _last = -1;
    private long _expired;

    public DemoTally(LatencyProbe latency) => _latency = latency;

    public string Name => "demo";

    public Task DeliverAsync(IReadOnlyList<OutboxFact> facts, CancellationToken cancel)
    {
        lock (_lock)
        {
            foreach (var fact in facts)
            {
                if (fact.Position <= _last)
                    continue; // delivered again
                if (_last >= 0)
                    _expired += fact.Position - _last - 1; // only triggers that are too old are left out
                _last = fact.Position;
                Count(fact);
            }
        }
        return Task.CompletedTask;
    }

    /// <summary>Entered, left, and of these left because time passed.</summary>
    public (long Entered, long Left, long LeftByTime) Of(string segment)
    {
        lock (_lock)
            return _segments.TryGetValue(segment, out var moves) ? (moves.Entered, moves.Left, moves.LeftByTime) : default;
    }

    /// <summary>Fills in kinds, triggers and latency.</summary>
    public DemoFigures AddTo(DemoFigures figures)
    {
        var latency = _latency.Read();
        lock (_lock)
        {
            return figures with
            {
                Triggers = [.. _triggers.Values.SelectMany(last => last).OrderByDescending(trigger => trigger.AtMs)],
                Facts = [.. Kinds.Where(kind => _facts[(int)kind] > 0).Select(kind => KeyValuePair.Create(kind.Name(), _facts[(int)kind]))],
                Expired = _expired,
                LatencyP50 = latency?.P50,
                LatencyP99 = latency?.P99,
            };
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Count(OutboxFact fact)
    {
        _facts[(int)fact.Kind]++;
        if (fact.Cause.StartsWith("event:", StringComparison.Ordinal))
            _latency.Delivered(fact.AtMs);
        switch (fact.Kind)
        {
            case FactKind.SegmentEntered:
                MovesOf(fact.Subject!).Entered++;
                break;
            case FactKind.SegmentLeft:
                var moves = MovesOf(fact.Subject!);
                moves.Left++;
                if (fact.Cause == "timer")
                    moves.LeftByTime++;
                break;
            case FactKind.Trigger:
                Keep(new TriggerFigures(fact.AtMs, fact.Subject!, fact.Customer, fact.Cause, With(fact)));
                break;
        }
    }

    private void Keep(TriggerFigures trigger)
    {
        if (!_triggers.TryGetValue(trigger.Trigger, out var last))
            _triggers[trigger.Trigger] = last = new Queue<TriggerFigures>();
        if (last.Count == KeptTriggers)
            last.Dequeue();
        last.Enqueue(trigger);
    }

    private Moves MovesOf(string segment)
    {
        if (!_segments.TryGetValue(segment, out var moves))
            _segments[segment] = moves = new Moves();
        return moves;
    }

    private static string With(OutboxFact fact)
    {
        using var line = JsonDocument.Parse(fact.Line);
        return line.RootElement.TryGetProperty("with", out var with) ? with.GetRawText() : "{}";
    }

    private sealed class Moves
    {
        public long Entered;
        public long Left;
        public long LeftByTime;
    }
}
