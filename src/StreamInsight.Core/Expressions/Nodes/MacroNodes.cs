using StreamInsight.Expressions.Syntax;

namespace StreamInsight.Expressions.Nodes;

/// <summary>A variable bound by a macro.</summary>
internal sealed class LocalNode(int slot) : Node
{
    public override Value Evaluate(EvalContext context) => context.Locals[context.FirstLocal + slot];
}

/// <summary><c>cel.bind(x, value, body)</c>. An error bound is an error of the whole only where the variable is read.</summary>
internal sealed class BindNode(int slot, Node value, Node body) : Node
{
    public override Value Evaluate(EvalContext context)
    {
        var bound = value.Evaluate(context);
        context.Locals[context.FirstLocal + slot] = bound;
        return body.Evaluate(context);
    }
}

/// <summary>
/// Walks a list or a map for a macro. With one variable it is the element, or the map's key; with two, index and element, or key and value.
/// </summary>
internal abstract class LoopNode(Node range, int firstSlot, int secondSlot, int weight) : Node
{
    public sealed override Value Evaluate(EvalContext context)
    {
        var over = range.Evaluate(context);
        if (over.IsError)
            return over;
        if (over.Kind is not (ValueKind.List or ValueKind.Map))
            return Errors.NotIterable;
        var count = over.Kind == ValueKind.List ? over.AsList.Length : over.AsMap.Count;
        return Run(context, over, count);
    }

    protected abstract Value Run(EvalContext context, in Value over, int count);

    /// <summary>Binds the variables of one round. False if the evaluation has run out of steps.</summary>
    protected bool Bind(EvalContext context, in Value over, int at)
    {
        if (!context.Spend(weight))
            return false;
        Value first, second;
        if (over.Kind == ValueKind.List)
        {
            first = secondSlot < 0 ? over.AsList[at] : Value.Int(at);
            second = over.AsList[at];
        }
        else
        {
            (first, second) = over.AsMap.Entries[at];
        }
        context.Locals[context.FirstLocal + firstSlot] = first;
        if (secondSlot >= 0)
            context.Locals[context.FirstLocal + secondSlot] = second;
        return true;
    }
}

/// <summary><c>all</c> and <c>exists</c>: like a chain of &amp;&amp; or || over the elements. <c>exists_one</c>: an error anywhere is the result.</summary>
internal sealed class QuantifierNode(MacroKind kind, Node range, int firstSlot, int secondSlot, Node body, int weight)
    : LoopNode(range, firstSlot, secondSlot, weight)
{
    protected override Value Run(EvalContext context, in Value over, int count)
    {
        var error = default(Value);
        var found = 0;
        for (var i = 0; i < count; i++)
        {
            if (!Bind(context, over, i))
                return Errors.TooCostly;
            var value = body.Evaluate(context);
            if (value.Kind != ValueKind.Bool)
            {
                if (!error.IsError)
                    error = value.IsError ? value : Errors.NotBool;
                if (kind == MacroKind.ExistsOne)
                    return error;
            }
            else if (kind == MacroKind.All ? !value.IsTrue : kind == MacroKind.Exists && value.IsTrue)
            {
                return value;
            }
            else if (value.IsTrue)
            {
                found++;
            }
        }
        return error.IsError ? error : Value.Bool(kind == MacroKind.All || (kind == MacroKind.ExistsOne && found == 1));
    }
}

/// <summary><c>map</c>, <c>filter</c> and <c>transformList</c>. Without a body, the element itself is kept.</summary>
internal sealed class CollectNode(Node range, int firstSlot, int secondSlot, Node? filter, Node? body, int weight)
    : LoopNode(range, firstSlot, secondSlot, weight)
{
    protected override Value Run(EvalContext context, in Value over, int count)
    {
        var kept = new List<Value>(count);
        for (var i = 0; i < count; i++)
        {
            if (!Bind(context, over, i))
                return Errors.TooCostly;
            if (filter is not null)
            {
                var keep = filter.Evaluate(context);
                if (keep.Kind != ValueKind.Bool)
                    return keep.IsError ? keep : Errors.NotBool;
                if (!keep.IsTrue)
                    continue;
            }
            var value = body is null ? Element(over, i) : body.Evaluate(context);
            if (value.IsError)
                return value;
            kept.Add(value);
        }
        return Extent.Check(Value.List([.. kept]));
    }

    private static Value Element(in Value over, int at) => over.Kind == ValueKind.List ? over.AsList[at] : over.AsMap.Entries[at].Key;
}

/// <summary><c>transformMap</c>: the same keys, other values. A list's keys are its indexes.</summary>
internal sealed class TransformMapNode(Node range, int firstSlot, int secondSlot, Node? filter, Node body, int weight)
    : LoopNode(range, firstSlot, secondSlot, weight)
{
    protected override Value Run(EvalContext context, in Value over, int count)
    {
        var kept = new List<KeyValuePair<Value, Value>>(count);
        for (var i = 0; i < count; i++)
        {
            if (!Bind(context, over, i))
                return Errors.TooCostly;
            if (filter is not null)
            {
                var keep = filter.Evaluate(context);
                if (keep.Kind != ValueKind.Bool)
                    return keep.IsError ? keep : Errors.NotBool;
                if (!keep.IsTrue)
                    continue;
            }
            var value = body.Evaluate(context);
            if (value.IsError)
                return value;
            kept.Add(new(over.Kind == ValueKind.List ? Value.Int(i) : over.AsMap.Entries[i].Key, value));
        }
        return MapNode.Create([.. kept]);
    }
}
