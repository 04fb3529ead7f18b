namespace StreamInsight.Expressions.Nodes;

internal sealed class NotNode(Node operand) : Node
{
    public override Value Evaluate(EvalContext context)
    {
        var value = operand.Evaluate(context);
        return value.Kind == ValueKind.Bool ? Value.Bool(value.Bits == 0) : value.IsError ? value : Errors.NotBool;
    }
}

/// <summary>
/// <c>&amp;&amp;</c> (deciding = false) or <c>||</c> (deciding = true) over two operands or more. One operand with the deciding value decides, whatever
/// the others end in; otherwise the first error is the result. Operands behind the deciding one are not evaluated.
/// </summary>
internal sealed class LogicNode(Node[] operands, bool deciding) : Node
{
    public override Value Evaluate(EvalContext context)
    {
        var result = Value.Bool(!deciding);
        foreach (var operand in operands)
        {
            var value = operand.Evaluate(context);
            if (value.Kind == ValueKind.Bool)
            {
                if ((value.Bits != 0) == deciding)
                    return value;
            }
            else if (!result.IsError)
            {
                result = value.IsError ? value : Errors.NotBool;
            }
        }
        return result;
    }
}

internal sealed class ConditionalNode(Node condition, Node then, Node otherwise) : Node
{
    internal override bool Moves { get; } = then.Moves || otherwise.Moves;

    public override Value Evaluate(EvalContext context) => Choose(context, out var error)?.Evaluate(context) ?? error;

    internal override Value EvaluateMoving(EvalContext context, out Motion motion)
    {
        motion = default;
        return Choose(context, out var error)?.EvaluateMoving(context, out motion) ?? error;
    }

    private Node? Choose(EvalContext context, out Value error)
    {
        var value = condition.Evaluate(context);
        error = value.IsError ? value : Errors.NotBool;
        return value.Kind != ValueKind.Bool ? null : value.Bits != 0 ? then : otherwise;
    }
}

/// <summary><c>has()</c> of a declared path.</summary>
internal sealed class HasLeafNode(Node leaf) : Node
{
    public override Value Evaluate(EvalContext context) => leaf.Has(context);
}
