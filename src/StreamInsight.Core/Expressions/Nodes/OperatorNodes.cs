namespace StreamInsight.Expressions.Nodes;

/// <summary>An operator that needs both its operands; the first error wins.</summary>
internal abstract class BinaryNode(Node left, Node right) : Node
{
    public sealed override Value Evaluate(EvalContext context)
    {
        var a = left.Evaluate(context);
        if (a.IsError)
            return a;
        var b = right.Evaluate(context);
        return b.IsError ? b : Apply(context, a, b);
    }

    protected abstract Value Apply(EvalContext context, in Value a, in Value b);
}

internal sealed class AddNode(Node left, Node right) : BinaryNode(left, right)
{
    protected override Value Apply(EvalContext context, in Value a, in Value b) => Arithmetic.Add(context, a, b);
}

internal sealed class SubtractNode(Node left, Node right) : BinaryNode(left, right)
{
    protected override Value Apply(EvalContext context, in Value a, in Value b) => Arithmetic.Subtract(a, b);
}

internal sealed class MultiplyNode(Node left, Node right) : BinaryNode(left, right)
{
    protected override Value Apply(EvalContext context, in Value a, in Value b) => Arithmetic.Multiply(a, b);
}

internal sealed class DivideNode(Node left, Node right) : BinaryNode(left, right)
{
    protected override Value Apply(EvalContext context, in Value a, in Value b) => Arithmetic.Divide(a, b);
}

internal sealed class ModuloNode(Node left, Node right) : BinaryNode(left, right)
{
    protected override Value Apply(EvalContext context, in Value a, in Value b) => Arithmetic.Modulo(a, b);
}

internal sealed class CompareNode(Node left, Comparison comparison, Node right) : BinaryNode(left, right)
{
    protected override Value Apply(EvalContext context, in Value a, in Value b) => Comparisons.Compare(context, a, comparison, b);
}

/// <summary><c>x in list</c> or <c>key in map</c>.</summary>
internal sealed class InNode(Node element, Node container) : BinaryNode(element, container)
{
    private static readonly Errors.NoOverload NoOverload = new("in");

    protected override Value Apply(EvalContext context, in Value a, in Value b)
    {
        if (b.Kind == ValueKind.Map)
            return Value.Bool(b.AsMap.TryGet(a, out _));
        if (b.Kind != ValueKind.List)
            return NoOverload.Of(a.Kind, b.Kind);
        foreach (ref readonly var candidate in b.AsList.AsSpan())
        {
            if (!context.Spend(1))
                return Errors.TooCostly;
            if (Comparisons.AreEqual(context, a, candidate, out var exhausted))
                return Value.True;
            if (exhausted)
                return Errors.TooCostly;
        }
        return Value.False;
    }
}

internal sealed class NegateNode(Node operand) : Node
{
    public override Value Evaluate(EvalContext context)
    {
        var value = operand.Evaluate(context);
        return value.IsError ? value : Arithmetic.Negate(value);
    }
}

/// <summary>The leaf compares itself with a constant, so that it can tell when the comparison turns.</summary>
internal sealed class ThresholdNode(IThresholdNode leaf, Comparison comparison, Value constant) : Node
{
    public override Value Evaluate(EvalContext context) => leaf.Compare(context, comparison, constant);
}
