using StreamInsight.Engine;

namespace StreamInsight.Journeys;

/// <summary>One transition, ready to be judged. <paramref name="DwellMs"/> is the greater of <c>after</c> and <c>min_dwell</c>; both ask the same.</summary>
public sealed record CompiledTransition(int Index, int From, int To, Condition? When, long DwellMs)
{
    /// <summary><see cref="From"/> of <c>from: "*"</c>.</summary>
    public const int Anywhere = -1;
}

/// <summary>The journey, ready to be walked.</summary>
public sealed class CompiledJourney
{
    private readonly CompiledTransition[][] _from;
    private readonly bool[] _readsEvent;

    public CompiledJourney(IReadOnlyList<string> stages, int initial, IReadOnlyList<CompiledTransition> transitions)
    {
        Stages = stages;
        Initial = initial;
        Transitions = transitions;
        _from = [.. stages.Select((_, stage) => transitions.Where(t => t.From == stage || t.From == CompiledTransition.Anywhere).ToArray())];
        _readsEvent = [.. _from.Select(list => list.Any(t => t.When is { ReadsEvent: true }))];
    }

    public IReadOnlyList<string> Stages { get; }

    public int Initial { get; }

    public IReadOnlyList<CompiledTransition> Transitions { get; }

    /// <summary>Transitions that can be taken from a stage, in written order.</summary>
    public ReadOnlySpan<CompiledTransition> From(int stage) => _from[stage];

    /// <summary>Whether a transition from this stage reads the event, so that every event is a reason to look.</summary>
    public bool ReadsEvent(int stage) => _readsEvent[stage];
}
