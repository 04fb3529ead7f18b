namespace StreamInsight.Expressions;

/// <summary>The instant of evaluation. Declare it where <c>now</c> is in scope: <c>scope.Declare("now", CelType.Timestamp, NowNode.Instance)</c>.</summary>
public sealed class NowNode : Node
{
    public static readonly NowNode Instance = new();

    private NowNode()
    {
    }

    internal override bool Moves => true;

    public override Value Evaluate(EvalContext context)
    {
        context.Until(context.Now + 1);
        return Value.TimestampMs(context.Now);
    }

    internal override Value EvaluateMoving(EvalContext context, out Motion motion)
    {
        motion = Motion.OfNow;
        return Value.TimestampMs(context.Now);
    }
}
