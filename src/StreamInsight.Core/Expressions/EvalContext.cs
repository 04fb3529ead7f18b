namespace StreamInsight.Expressions;

/// <summary>What one evaluation reads. Owned by one thread and reused; the engine derives from it to reach a customer's state.</summary>
public class EvalContext
{
    /// <summary>The instant of evaluation, UTC milliseconds since 1970.</summary>
    public long Now;

    /// <summary>The first millisecond at which something evaluated since the last reset could differ; <see cref="long.MaxValue"/> = never.</summary>
    public long ValidUntil = long.MaxValue;

    /// <summary>Variables of macros. Grown by <see cref="Expression.Evaluate"/> as needed.</summary>
    internal Value[] Locals = new Value[16];

    /// <summary>Lowers <see cref="ValidUntil"/> to <paramref name="instant"/> if that is earlier.</summary>
    public void Until(long instant)
    {
        if (instant < ValidUntil)
            ValidUntil = instant;
    }
}
