using System.Text;
using StreamInsight.Events;

namespace StreamInsight.Engine;

/// <summary>Why a customer is evaluated.</summary>
public enum StepKind : byte
{
    Event,
    Timer,
    Merge,
    Erase,
}

/// <summary>
/// One evaluation of one customer: its cause, and what turned so far. Reused by the engine; <see cref="Begin"/> empties it.
/// A segment's net change is told, so its standing before the step is kept.
/// </summary>
internal sealed class Step
{
    private CustomerEvent? _message;
    private SourcePosition _position;
    private string? _cause;

    public StepKind Kind { get; private set; }

    /// <summary>As facts tell it; of an event by its messageId, or by where it stands in its source.</summary>
    public string Cause => _cause ??= Kind switch
    {
        StepKind.Timer => "timer",
        StepKind.Merge => "merge",
        StepKind.Erase => "erase",
        _ => $"event:{(_message is { MessageId.IsEmpty: false } ? Encoding.UTF8.GetString(_message.MessageId.Span) : _position.ToString())}",
    };

    /// <summary>Stages visited, the starting one included.</summary>
    public List<int> Visited { get; } = [];

    /// <summary>Hops as taken.</summary>
    public List<(int From, int To)> Hops { get; } = [];

    /// <summary>Segments whose membership turned, and whether the customer was in them before the step.</summary>
    public List<(int Segment, bool Was)> Turned { get; } = [];

    /// <summary>The ranking is no longer the one that was told.</summary>
    public bool ActionsChanged { get; set; }

    /// <summary>The routing is no longer the one that was told.</summary>
    public bool RoutingChanged { get; set; }

    /// <summary>Nothing turned.</summary>
    public bool IsQuiet => MergedFrom is null && Hops.Count == 0 && Turned.Count == 0 && !ActionsChanged && !RoutingChanged;

    /// <summary>Of a merge: the id that ended; null otherwise.</summary>
    public string? MergedFrom { get; private set; }

    public void Begin(StepKind kind, int stage, CustomerEvent? message = null, SourcePosition position = default, string? mergedFrom = null)
    {
        Kind = kind;
        _message = message;
        _position = position;
        _cause = null;
        MergedFrom = mergedFrom;
        Visited.Clear();
        Visited.Add(stage);
        Hops.Clear();
        Turned.Clear();
        ActionsChanged = RoutingChanged = false;
    }

    public void Remember(int segment, bool was)
    {
        foreach ((int turned, _) in Turned)
            if (turned == segment)
                return;
        Turned.Add((segment, was));
    }
}
