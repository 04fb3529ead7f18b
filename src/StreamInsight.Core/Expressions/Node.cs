namespace StreamInsight.Expressions;

/// <summary>
/// One step of a planned expression. Nodes are built once at load, hold no state of an evaluation, and may be shared by threads.
/// Contract: returns a value or an error value, never throws on data; and calls <see cref="EvalContext.Until"/> with the first millisecond
/// at which the value it returned could differ if nothing but the clock moves. That instant may be early, never late.
/// </summary>
public abstract class Node
{
    public abstract Value Evaluate(EvalContext context);

    /// <summary>True if <see cref="EvaluateMoving"/> may report a motion: the value is computed from now in a way that can be followed.</summary>
    internal virtual bool Moves => false;

    /// <summary>
    /// Like <see cref="Evaluate"/>, but a value that follows the clock comes with its motion instead of a call to <see cref="EvalContext.Until"/> for it:
    /// the caller knows when its own result turns, which is often much later. An error never has a motion.
    /// </summary>
    internal virtual Value EvaluateMoving(EvalContext context, out Motion motion)
    {
        motion = default;
        return Evaluate(context);
    }

    /// <summary><c>has()</c> of what this node reads: false when it is null or an error. Time moves a value, it does not make it come or go.</summary>
    internal virtual Value Has(EvalContext context)
    {
        var value = EvaluateMoving(context, out _);
        return Value.Bool(!value.IsNull && !value.IsError);
    }
}
