using StreamInsight.Expressions.Library;

namespace StreamInsight.Expressions.Nodes;

/// <summary><c>type(x)</c>. A value that only follows the clock keeps its type.</summary>
internal sealed class TypeOfNode(Node operand) : Node
{
    private static readonly Value[] Types =
    [
        Value.Type("null_type"), Value.Type("bool"), Value.Type("int"), Value.Type("uint"), Value.Type("double"), Value.Type("string"), Value.Type("bytes"),
        Value.Type("google.protobuf.Timestamp"), Value.Type("google.protobuf.Duration"), Value.Type("list"), Value.Type("map"), Value.Type("type"),
    ];

    public override Value Evaluate(EvalContext context)
    {
        var value = operand.EvaluateMoving(context, out _);
        return value.IsError ? value : Types[(int)value.Kind];
    }
}

/// <summary><c>int(x)</c> of what may follow the clock: of a timestamp, whole seconds, which grow by one every 1000 ms.</summary>
internal sealed class MovingIntNode(Node operand) : MovingNode
{
    internal override Value EvaluateMoving(EvalContext context, out Motion motion)
    {
        var value = operand.EvaluateMoving(context, out motion);
        if (value.IsError)
            return value;
        var seconds = Conversions.ToInt(context, value);
        if (value.Kind == ValueKind.Timestamp && !motion.IsStill)
            motion = new Motion(motion.Slope, 1000, value.Bits - (seconds.Bits * 1000));
        else if (value.Kind != ValueKind.Int)
        {
            Stop(context, motion);
            motion = default;
        }
        return seconds;
    }
}
