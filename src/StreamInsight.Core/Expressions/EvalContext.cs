namespace StreamInsight.Expressions;

/// <summary>What one evaluation reads. Owned by one thread and reused; the engine derives from it to reach a customer's state.</summary>
public class EvalContext
{
    /// <summary>
    /// Bounds one evaluation: roughly one step per node evaluated inside a macro, per element compared, per 64 characters copied.
    /// Expressions of a model stay far below; a hostile one ends in an error within some tens of milliseconds.
    /// </summary>
    public const int MaxSteps = 1_000_000;

    /// <summary>The instant of evaluation, UTC milliseconds since 1970.</summary>
    public long Now;

    /// <summary>The first millisecond at which something evaluated since the last reset could differ; <see cref="long.MaxValue"/> = never.</summary>
    public long ValidUntil = long.MaxValue;

    /// <summary>Variables of macros; those of the expression being evaluated start at <see cref="FirstLocal"/>.</summary>
    internal Value[] Locals = new Value[16];

    internal int FirstLocal;

    private int _stepsLeft = MaxSteps;
    private int _nextLocal;
    private int _depth;

    /// <summary>Lowers <see cref="ValidUntil"/> to <paramref name="instant"/> if that is earlier.</summary>
    public void Until(long instant)
    {
        if (instant < ValidUntil)
            ValidUntil = instant;
    }

    /// <summary>Takes from what is left for this evaluation; false = exhausted, and it stays so.</summary>
    internal bool Spend(int steps) => (_stepsLeft -= Math.Min(steps, _stepsLeft)) > 0;

    /// <summary>Makes room for an expression's variables. Evaluations may nest: a leaf may evaluate another expression in the same context.</summary>
    internal int Enter(int slots)
    {
        if (_depth++ == 0)
            _stepsLeft = MaxSteps;
        var outer = FirstLocal;
        FirstLocal = _nextLocal;
        _nextLocal += slots;
        if (_nextLocal > Locals.Length)
            Array.Resize(ref Locals, Math.Max(_nextLocal, Locals.Length * 2));
        return outer;
    }

    internal void Leave(int slots, int outerFirstLocal)
    {
        _depth--;
        _nextLocal -= slots;
        FirstLocal = outerFirstLocal;
    }
}
