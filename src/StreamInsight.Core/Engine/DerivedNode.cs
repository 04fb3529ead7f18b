using StreamInsight.Expressions;

namespace StreamInsight.Engine;

/// <summary>Reads a derived feature; an error gives null. One that follows the clock, such as <c>now - last_order_at</c>, does so through whatever reads it.</summary>
public sealed class DerivedNode(Expression expression) : Node
{
    internal override bool Moves => expression.Root.Moves;

    public override Value Evaluate(EvalContext context) => OrNull(expression.Evaluate(context));

    internal override Value EvaluateMoving(EvalContext context, out Motion motion) => OrNull(expression.EvaluateMoving(context, out motion));

    private static Value OrNull(in Value value) => value.IsError ? Value.Null : value;
}
