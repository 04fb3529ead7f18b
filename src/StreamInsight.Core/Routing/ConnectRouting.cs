namespace StreamInsight.Routing;

/// <summary>What a contact of Amazon Connect is given: one of the two, as its "Change routing priority / age" block allows.</summary>
/// <param name="Priority">1 (best) to 10.</param>
/// <param name="AgeSeconds">Seconds by which the contact counts as older than it is.</param>
public readonly record struct ConnectRouting(int Priority, int AgeSeconds);
