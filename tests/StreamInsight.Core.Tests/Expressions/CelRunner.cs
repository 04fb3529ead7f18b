using StreamInsight.Expressions;

namespace StreamInsight.Tests.Expressions;

/// <summary>Short ways to compile and evaluate in tests.</summary>
internal static class CelRunner
{
    /// <summary>Checked and evaluated at an instant; a fault fails the test.</summary>
    public static Value Evaluate(string source, Scope? scope = null, long now = 0, EvalContext? context = null)
    {
        context ??= new EvalContext();
        context.Now = now;
        return Compile(source, scope).Evaluate(context);
    }

    public static Expression Compile(string source, Scope? scope = null, CelType? expected = null)
    {
        var faults = new List<ExpressionFault>();
        var expression = Cel.Compile(source, scope ?? new Scope(), expected, faults);
        return expression ?? throw new Xunit.Sdk.XunitException($"{source}: {string.Join("; ", faults)}");
    }

    public static List<ExpressionFault> Faults(string source, Scope? scope = null, CelType? expected = null)
    {
        var faults = new List<ExpressionFault>();
        var expression = Cel.Compile(source, scope ?? new Scope(), expected, faults);
        if (faults.Count > 0 != (expression is null))
            throw new Xunit.Sdk.XunitException($"{source}: faults and result contradict each other");
        return faults;
    }
}

/// <summary>A leaf with a value that a test may change.</summary>
internal sealed class LeafNode(Value value) : Node
{
    public Value Value { get; set; } = value;

    public int Evaluations { get; private set; }

    public override Value Evaluate(EvalContext context)
    {
        Evaluations++;
        return Value;
    }
}
