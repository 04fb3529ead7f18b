namespace StreamInsight.Expressions;

/// <summary>Comparison operators of CEL.</summary>
public enum Comparison : byte
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>
/// A leaf that can tell when its comparison with a constant next turns, which is often far later than when its value next changes
/// (a count of 7 does not turn "at least 3" at its next expiry). The planner uses it for <c>leaf OP constant</c>, either way round.
/// </summary>
public interface IThresholdNode
{
    /// <summary>The result of <c>leaf OP constant</c> by CEL's rules; calls <see cref="EvalContext.Until"/> for the comparison, not for the value.</summary>
    Value Compare(EvalContext context, Comparison comparison, Value constant);
}
