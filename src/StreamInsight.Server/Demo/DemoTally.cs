using System.Text.Json;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Pipeline;

namespace StreamInsight.Server.Demo;

/// <summary>
/// Counts what the service says, the way any subscriber could: facts, and how the customers they are about stand. Memberships are taken from the customers'
/// standing and not from the facts, so that "entered − left = members" is a check. Any thread.
/// </summary>
public sealed class DemoTally : IFactSink, IDeadLetters
{
    private const int KeptTriggers = 64;

    private readonly Lock _lock = new();
    private readonly LatencyProbe _latency;
    private readonly Dictionary<string, SegmentCount> _segments;
    private readonly List<SegmentCount> _segmentOrder;
    private readonly Dictionary<string, long> _stages;
    private readonly List<string> _stageOrder;
    private readonly Dictionary<string, CustomerView> _standing = [];
    private readonly long[] _facts = new long[Enum.GetValues<FactKind>().Length];
    private readonly long[] _refused = new long[Enum.GetValues<Refusal>().Length];
    private readonly Queue<TriggerFigures> _triggers = new();
    private long _lastFact;
    private long _lastLetter;

    /// <param name="stages">Names, in the order of the journey.</param>
    /// <param name="segments">Names, in the model's order.</param>
    public DemoTally(IEnumerable<string> stages, IEnumerable<string> segments, LatencyProbe latency)
    {
        _latency = latency;
        _stageOrder = [.. stages];
        _stages = _stageOrder.ToDictionary(stage => stage, _ => 0L);
        _segmentOrder = [.. segments.Select(segment => new SegmentCount(segment))];
        _segments = _segmentOrder.ToDictionary(count => count.Segment);
    }

    public string Name => "demo";

    public Task DeliverAsync(IReadOnlyList<OutboxFact> facts, CancellationToken cancel)
    {
        lock (_lock)
        {
            foreach (var fact in facts)
            {
                if (fact.Position <= _lastFact)
                    continue; // delivered again
                _lastFact = fact.Position;
                Count(fact);
            }
        }
        return Task.CompletedTask;
    }

    public Task DeliverAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancel)
    {
        lock (_lock)
        {
            foreach (var letter in letters)
            {
                if (letter.Number <= _lastLetter)
                    continue;
                _lastLetter = letter.Number;
                _refused[(int)letter.Reason]++;
            }
        }
        return Task.CompletedTask;
    }

    /// <summary>Fills in what was counted. <paramref name="figures"/>' customers must be set: those nothing has been said of are in the first stage.</summary>
    public DemoFigures AddTo(DemoFigures figures)
    {
        lock (_lock)
        {
            var elsewhere = _stages.Values.Sum();
            return figures with
            {
                Stages = [.. _stageOrder.Select((stage, i) => new StageFigures(stage, _stages[stage] + (i == 0 ? Math.Max(figures.Customers - elsewhere, 0) : 0)))],
                Segments = [.. _segmentOrder.Select(count => count.Read())],
                Triggers = [.. _triggers.Reverse()],
                Facts = Listed(_facts, kind => FactNames[kind]),
                Refused = [.. Listed(_refused, reason => RefusalNames[reason]).OrderByDescending(reason => reason.Value)],
                LatencyP50 = _latency.Read()?.P50,
                LatencyP99 = _latency.Read()?.P99,
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
            case FactKind.SegmentEntered when _segments.TryGetValue(fact.Subject!, out var count):
                count.Entered++;
                break;
            case FactKind.SegmentLeft when _segments.TryGetValue(fact.Subject!, out var count):
                count.Left++;
                if (fact.Cause == "timer")
                    count.LeftByTime++;
                break;
            case FactKind.Trigger:
                if (_triggers.Count == KeptTriggers)
                    _triggers.Dequeue();
                _triggers.Enqueue(new TriggerFigures(fact.AtMs, fact.Subject!, fact.Customer, fact.Cause, With(fact)));
                break;
        }
        if (fact.After is { } view)
            Place(view);
    }

    private void Place(CustomerView view)
    {
        if (_standing.Remove(view.Customer, out var before))
            Add(before, -1);
        if (view.HasEnded)
            return;
        _standing[view.Customer] = view;
        Add(view, 1);
    }

    private void Add(CustomerView view, int by)
    {
        if (view.Stage is not null && _stages.TryGetValue(view.Stage, out var customers))
            _stages[view.Stage] = customers + by;
        foreach (var segment in view.Segments)
            _segments[segment].Members += by;
    }

    private static string With(OutboxFact fact)
    {
        using var line = JsonDocument.Parse(fact.Line);
        return line.RootElement.TryGetProperty("with", out var with) ? with.GetRawText() : "{}";
    }

    private static List<KeyValuePair<string, long>> Listed(long[] counts, Func<int, string> name) =>
        [.. counts.Index().Where(count => count.Item > 0).Select(count => KeyValuePair.Create(name(count.Index), count.Item))];

    private static readonly string[] FactNames = Array.ConvertAll(Enum.GetNames<FactKind>(), JsonNamingPolicy.SnakeCaseLower.ConvertName);

    private static readonly string[] RefusalNames = Array.ConvertAll(Enum.GetNames<Refusal>(), JsonNamingPolicy.SnakeCaseLower.ConvertName);

    private sealed class SegmentCount(string segment)
    {
        public string Segment => segment;

        public long Members;
        public long Entered;
        public long Left;
        public long LeftByTime;

        public SegmentFigures Read() => new(segment, Members, Entered, Left, LeftByTime);
    }
}
