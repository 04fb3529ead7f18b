namespace StreamInsight.Expressions;

/// <summary>A checked and planned expression. Immutable; may be shared by threads, each with its own <see cref="EvalContext"/>.</summary>
public sealed class Expression
{
    internal Expression(string source, Node root, CelType type, int localSlots, IReadOnlySet<string> paths, bool readsNow, IReadOnlyList<ExpressionFault> warnings)
    {
        Source = source;
        Root = root;
        Type = type;
        LocalSlots = localSlots;
        Paths = paths;
        ReadsNow = readsNow;
        Warnings = warnings;
    }

    public string Source { get; }

    /// <summary>The planned tree. Evaluate through <see cref="Evaluate"/>, which gives macros their variables and bounds their work.</summary>
    public Node Root { get; }

    public CelType Type { get; }

    /// <summary>Variables of macros alive at once.</summary>
    public int LocalSlots { get; }

    /// <summary>Declared paths it reads, as declared: <c>features.calls_7d</c>.</summary>
    public IReadOnlySet<string> Paths { get; }

    public bool ReadsNow { get; }

    /// <summary>Parts that can only end in an error, foreseen at load: <c>1 / 0</c>, <c>duration('soon')</c>.</summary>
    public IReadOnlyList<ExpressionFault> Warnings { get; }

    /// <summary>
    /// The value, or an error value. Lowers <see cref="EvalContext.ValidUntil"/> to the first millisecond at which the value could differ if nothing but the clock moves.
    /// Allocates nothing for numbers, booleans, timestamps and durations.
    /// </summary>
    public Value Evaluate(EvalContext context)
    {
        var outer = context.Enter(LocalSlots);
        var value = Root.Evaluate(context);
        context.Leave(LocalSlots, outer);
        return value;
    }

    /// <summary>The same with the motion of a value that follows the clock, see <see cref="Node.EvaluateMoving"/>.</summary>
    internal Value EvaluateMoving(EvalContext context, out Motion motion)
    {
        var outer = context.Enter(LocalSlots);
        var value = Root.EvaluateMoving(context, out motion);
        context.Leave(LocalSlots, outer);
        return value;
    }
}
