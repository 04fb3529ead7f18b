namespace StreamInsight.Expressions.Nodes;

internal delegate Value Function1(EvalContext context, in Value a);

internal delegate Value Function2(EvalContext context, in Value a, in Value b);

internal delegate Value FunctionN(EvalContext context, ReadOnlySpan<Value> arguments);

internal sealed class Call1Node(Function1 function, Node argument) : Node
{
    public override Value Evaluate(EvalContext context)
    {
        var a = argument.Evaluate(context);
        return a.IsError ? a : function(context, a);
    }
}

internal sealed class Call2Node(Function2 function, Node first, Node second) : Node
{
    public override Value Evaluate(EvalContext context)
    {
        var a = first.Evaluate(context);
        if (a.IsError)
            return a;
        var b = second.Evaluate(context);
        return b.IsError ? b : function(context, a, b);
    }
}

/// <summary>A call with three arguments or more, or a number that varies; up to <see cref="OnStack"/> it allocates nothing.</summary>
internal sealed class CallNNode(FunctionN function, Node[] arguments) : Node
{
    private const int OnStack = 4;

    public override Value Evaluate(EvalContext context)
    {
        if (arguments.Length > OnStack)
            return Call(context, new Value[arguments.Length]);
        var few = default(Few);
        return Call(context, ((Span<Value>)few)[..arguments.Length]);
    }

    private Value Call(EvalContext context, Span<Value> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = arguments[i].Evaluate(context);
            if (values[i].IsError)
                return values[i];
        }
        return function(context, values);
    }

    [System.Runtime.CompilerServices.InlineArray(OnStack)]
    private struct Few
    {
        private Value _first;
    }
}
