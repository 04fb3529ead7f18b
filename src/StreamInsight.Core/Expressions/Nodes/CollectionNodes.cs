namespace StreamInsight.Expressions.Nodes;

internal sealed class ListNode(Node[] elements) : Node
{
    public override Value Evaluate(EvalContext context)
    {
        var values = new Value[elements.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = elements[i].Evaluate(context);
            if (values[i].IsError)
                return values[i];
        }
        return context.Spend(values.Length + 1) ? Extent.Check(Value.List(values)) : Errors.TooCostly;
    }
}

internal sealed class MapNode(Node[] keys, Node[] values) : Node
{
    public override Value Evaluate(EvalContext context)
    {
        var entries = new KeyValuePair<Value, Value>[keys.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            var key = keys[i].Evaluate(context);
            if (key.IsError)
                return key;
            var value = values[i].Evaluate(context);
            if (value.IsError)
                return value;
            entries[i] = new(key, value);
        }
        return context.Spend(entries.Length + 1) ? Create(entries) : Errors.TooCostly;
    }

    public static Value Create(KeyValuePair<Value, Value>[] entries)
    {
        if (CelMap.TryCreate(entries, out var map, out var badKey))
            return Extent.Check(Value.Map(map));
        return badKey.Kind is ValueKind.Bool or ValueKind.Int or ValueKind.Uint or ValueKind.String ? Errors.RepeatedKey : Errors.BadKey;
    }
}

/// <summary><c>list[i]</c> or <c>map[key]</c>.</summary>
internal sealed class IndexNode(Node operand, Node index) : BinaryNode(operand, index)
{
    private static readonly Errors.NoOverload NoOverload = new("[]");

    protected override Value Apply(EvalContext context, in Value a, in Value b)
    {
        if (a.Kind == ValueKind.Map)
            return a.AsMap.TryGet(b, out var value) ? value : Errors.NoSuchKey;
        if (a.Kind != ValueKind.List)
            return NoOverload.Of(a.Kind, b.Kind);
        var list = a.AsList;
        long at;
        switch (b.Kind)
        {
            case ValueKind.Int:
            case ValueKind.Uint when b.Bits >= 0:
                at = b.Bits;
                break;
            case ValueKind.Double when b.AsDouble is >= 0 and < int.MaxValue && Math.Floor(b.AsDouble) == b.AsDouble:
                at = (long)b.AsDouble;
                break;
            default:
                return Errors.BadIndex;
        }
        return at >= 0 && at < list.Length ? list[at] : Errors.IndexOutOfRange;
    }
}

/// <summary><c>map.field</c>; of <c>has(map.field)</c> only whether it is there.</summary>
internal sealed class SelectNode(Node operand, string field, bool testOnly) : Node
{
    private static readonly Errors.NoOverload NoOverload = new("field selection");

    private readonly Value _key = Value.String(field);
    private readonly Value _noSuchKey = Value.Error($"no such key: {field}");

    public override Value Evaluate(EvalContext context)
    {
        var target = operand.Evaluate(context);
        if (target.IsError)
            return target;
        if (target.Kind != ValueKind.Map)
            return NoOverload.Of(target.Kind);
        var found = target.AsMap.TryGet(_key, out var value);
        return testOnly ? Value.Bool(found) : found ? value : _noSuchKey;
    }
}
