namespace StreamInsight.Expressions.Nodes;

/// <summary>A node whose value may follow the clock. Used for its bare value it may differ when that does next.</summary>
internal abstract class MovingNode : Node
{
    internal sealed override bool Moves => true;

    public sealed override Value Evaluate(EvalContext context)
    {
        var value = EvaluateMoving(context, out var motion);
        if (!motion.IsStill)
            context.Until(motion.NextChange(context.Now));
        return value;
    }

    internal abstract override Value EvaluateMoving(EvalContext context, out Motion motion);

    /// <summary>Where a motion cannot be followed further: the value may differ when its source does next.</summary>
    protected static void Stop(EvalContext context, in Motion motion)
    {
        if (!motion.IsStill)
            context.Until(motion.NextChange(context.Now));
    }
}

/// <summary><c>left + right</c> or <c>left - right</c> where at least one of them may follow the clock: now - x, now + d, int(now) - 3600.</summary>
internal sealed class MovingSumNode(Node left, Node right, bool isDifference) : MovingNode
{
    /// <summary>Range errors from year 2262 on are not waited for.</summary>
    private const long HorizonMs = Arithmetic.MaxDurationMs;

    internal override Value EvaluateMoving(EvalContext context, out Motion motion)
    {
        motion = default;
        var a = left.EvaluateMoving(context, out var motionA);
        if (a.IsError)
            return a;
        var b = right.EvaluateMoving(context, out var motionB);
        if (b.IsError)
            return b;   // whatever the clock says on the other side
        var value = isDifference ? Arithmetic.Subtract(a, b) : Arithmetic.Add(context, a, b);
        if (isDifference)
            motionB = motionB.Reversed;
        if (value.Kind is ValueKind.Timestamp or ValueKind.Duration)
        {
            motion = new Motion(motionA.Slope + motionB.Slope, 1, 0);
            return UntilOutOfRange(context, value, motion);
        }
        if (value.Kind == ValueKind.Int && (motionA.IsStill || motionB.IsStill))
        {
            motion = motionA.IsStill ? motionB : motionA;
            return value;
        }
        if (a.Kind is ValueKind.Timestamp or ValueKind.Duration && b.Kind is ValueKind.Timestamp or ValueKind.Duration)
            UntilInRange(context, a, b, motionA.Slope + motionB.Slope);
        else if (Comparisons.IsNumber(a.Kind) && Comparisons.IsNumber(b.Kind))
        {
            Stop(context, motionA);
            Stop(context, motionB);
        }
        return value;   // now - null is an error at any instant
    }

    /// <summary>A value that drifts out of its type's range becomes an error there.</summary>
    private static Value UntilOutOfRange(EvalContext context, in Value value, in Motion motion)
    {
        if (motion.IsStill)
            return value;
        var (low, high) = Range(value.Kind);
        var instant = motion.FirstWith(context.Now, motion.Slope > 0 ? high - value.Bits : low - value.Bits);
        if (instant < HorizonMs || context.Now >= HorizonMs)
            context.Until(instant);
        return value;
    }

    /// <summary>A sum out of range may drift back into it; two timestamps added never make sense, and no instant is noted.</summary>
    private void UntilInRange(EvalContext context, in Value a, in Value b, long slope)
    {
        if (slope == 0 || (!isDifference && a.Kind == ValueKind.Timestamp && b.Kind == ValueKind.Timestamp)
            || (isDifference && a.Kind == ValueKind.Duration && b.Kind == ValueKind.Timestamp))
            return;
        var isTimestamp = isDifference ? a.Kind == ValueKind.Timestamp && b.Kind == ValueKind.Duration : a.Kind != b.Kind;
        var (low, high) = Range(isTimestamp ? ValueKind.Timestamp : ValueKind.Duration);
        var raw = isDifference ? a.Bits - b.Bits : a.Bits + b.Bits;
        var motion = new Motion(slope, 1, 0);
        if (slope > 0 ? raw <= low : raw >= high)
            context.Until(motion.FirstWith(context.Now, slope > 0 ? low - raw : high - raw));
        else if (raw > low && raw < high)
            context.Until(context.Now + 1);
    }

    private static (long Low, long High) Range(ValueKind kind) => kind == ValueKind.Timestamp
        ? (Arithmetic.MinTimestampMs, Arithmetic.MaxTimestampMs)
        : (Arithmetic.MinDurationMs, Arithmetic.MaxDurationMs);
}

/// <summary>A comparison of which at least one side may follow the clock: it knows exactly when it turns.</summary>
internal sealed class MovingCompareNode(Node left, Comparison comparison, Node right) : Node
{
    public override Value Evaluate(EvalContext context)
    {
        var a = left.EvaluateMoving(context, out var motionA);
        if (a.IsError)
            return a;
        var b = right.EvaluateMoving(context, out var motionB);
        if (b.IsError)
            return b;   // whatever the clock says on the other side
        var result = Comparisons.Compare(context, a, comparison, b);
        if (motionA.IsStill && motionB.IsStill)
            return result;
        if (a.Kind == b.Kind && a.Kind is ValueKind.Timestamp or ValueKind.Duration or ValueKind.Int && Combined(motionA, motionB) is { } motion)
        {
            var nanoseconds = a.Nanoseconds - b.Nanoseconds;
            var difference = (Int128)a.Bits - b.Bits - (nanoseconds < 0 ? 1 : 0);
            context.Until(motion.FirstTurn(context.Now, difference, nanoseconds != 0, comparison));
        }
        else if (Comparisons.IsNumber(a.Kind) && Comparisons.IsNumber(b.Kind))
        {
            context.Until(Math.Min(motionA.NextChange(context.Now), motionB.NextChange(context.Now)));
        }
        return result;
    }

    /// <summary>The motion of left - right; null where it is none of ours.</summary>
    private static Motion? Combined(in Motion a, in Motion b)
    {
        if (b.IsStill)
            return a;
        if (a.IsStill)
            return b.Reversed;
        return a.Quantum == 1 && b.Quantum == 1 ? new Motion(a.Slope - b.Slope, 1, 0) : null;
    }
}
