namespace StreamInsight.Expressions;

/// <summary>A value known at load; an error too, if the text can only end in one.</summary>
public sealed class ConstantNode(Value value) : Node
{
    public Value Value { get; } = value;

    public override Value Evaluate(EvalContext context) => Value;
}
