namespace StreamInsight.Definitions;

/// <summary>A queue whose state messages tell. What is assumed while that is unknown stands under <c>Default…</c>; null = nothing.</summary>
/// <param name="Target">The service level it should have, 0 to 1; null = none.</param>
public sealed record QueueDefinition(
    string Name, double? Target, long StaleAfterMs, long? DefaultWaiting, double? DefaultLongestWait, double? DefaultServiceLevel, long? DefaultAgentsFree, Mark Mark);
