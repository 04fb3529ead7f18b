namespace StreamInsight.Decisions;

/// <summary>One of the next best actions, in its place in the ranking.</summary>
/// <param name="Action">Its name in the model.</param>
/// <param name="Channels">The channels it may be taken on now, in written order; never empty.</param>
/// <param name="Score">P^a · C^b · V^c · L^d; what it was ranked by, unless it was explored.</param>
/// <param name="IsExplored">It leads by exploration, not by its score.</param>
/// <param name="Content">Texts of the model, filled; one whose value was missing and that states no fallback is not there.</param>
public sealed record RankedAction(
    string Action, IReadOnlyList<string> Channels, double Score, bool IsExplored, IReadOnlyList<KeyValuePair<string, string>> Content);
