namespace StreamInsight.Expressions;

/// <summary>
/// One step of a planned expression. Nodes are built once at load, hold no state of an evaluation, and may be shared by threads.
/// Contract: returns a value or an error value, never throws on data; and calls <see cref="EvalContext.Until"/> with the first millisecond
/// at which the value it returned could differ if nothing but the clock moves. That instant may be early, never late.
/// </summary>
public abstract class Node
{
    public abstract Value Evaluate(EvalContext context);
}
