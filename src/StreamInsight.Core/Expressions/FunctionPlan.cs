namespace StreamInsight.Expressions;

/// <summary>
/// Plans one call of a declared function, once, at load. <paramref name="constants"/> holds, per argument, its value if it is known at load, else null.
/// Returns the node that evaluates the call; or null, with <paramref name="fault"/> saying why the call is refused.
/// </summary>
public delegate Node? FunctionPlan(IReadOnlyList<Node> arguments, IReadOnlyList<Value?> constants, out string? fault);
