namespace StreamInsight.Bench.Growth;

/// <summary>What happens to nodes, and when.</summary>
internal static class Script
{
    public const int StartMs = 20_000;

    /// <param name="hottest">The node that has the hottest partition.</param>
    /// <returns>In order of time.</returns>
    public static IEnumerable<Scene> Of(GrowthCase @case, int hottest)
    {
        Costs costs = @case.Costs;
        switch (@case.Disturbance)
        {
            case Disturbance.Kill when @case.Nodes == 1:
                return [new Scene(StartMs, hottest, SceneKind.Stop), new Scene(StartMs + costs.RestartMs, hottest, SceneKind.Start)];
            case Disturbance.Kill:
                return [new Scene(StartMs, hottest, SceneKind.Stop), new Scene(StartMs + costs.SessionMs + costs.RoundMs, hottest, SceneKind.Leave)];
            case Disturbance.Add:
                // A first round takes partitions away, a second gives them out.
                return [new Scene(StartMs + (2 * costs.RoundMs), @case.Nodes, SceneKind.Join)];
            case Disturbance.RestartAll:
                return [.. Everyone(@case, StartMs, SceneKind.Stop), .. Everyone(@case, StartMs + costs.RestartMs, SceneKind.Start)];
            case Disturbance.RestartByName:
                return Several(@case, (node, at) => [new Scene(at, node, SceneKind.Stop), new Scene(at + costs.RestartMs, node, SceneKind.Start)]);
            case Disturbance.RestartNameless:
                return Several(@case, (node, at) =>
                    [new Scene(at, node, SceneKind.Stop), new Scene(at + costs.RoundMs, node, SceneKind.Leave), new Scene(at + costs.RestartMs + (2 * costs.RoundMs), node, SceneKind.Join)]);
            default:
                return [];
        }
    }

    private static IEnumerable<Scene> Everyone(GrowthCase @case, int atMs, SceneKind kind) => Enumerable.Range(0, @case.Nodes).Select(node => new Scene(atMs, node, kind));

    private static IEnumerable<Scene> Several(GrowthCase @case, Func<int, int, Scene[]> one) =>
        Enumerable.Range(0, Math.Min(3, @case.Nodes)).SelectMany(i => one(i, StartMs + (i * (@case.Costs.RestartMs + 8_000))));
}
