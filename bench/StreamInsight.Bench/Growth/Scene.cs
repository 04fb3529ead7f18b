namespace StreamInsight.Bench.Growth;

internal sealed record Scene(int AtMs, int Node, SceneKind Kind);
