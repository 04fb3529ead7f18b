namespace StreamInsight.Definitions;

/// <summary>The journey: its stages in order and its transitions in order.</summary>
public sealed record JourneyDefinition(string Initial, IReadOnlyList<string> Stages, IReadOnlyList<TransitionDefinition> Transitions, Mark Mark);
