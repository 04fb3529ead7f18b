using StreamInsight.Expressions;

namespace StreamInsight.Engine;

/// <summary>A condition of the model. One that ends in an error is false; errors are counted under <see cref="Index"/>.</summary>
/// <param name="Where">How a person finds it in the model: <c>segments.vip.when</c>.</param>
public sealed record Condition(int Index, string Where, Expression Expression)
{
    /// <summary>It reads the event; in a step without one that is an error that nobody need hear of.</summary>
    public bool ReadsEvent { get; } = Expression.Paths.Any(path => path.StartsWith("event.", StringComparison.Ordinal));
}
