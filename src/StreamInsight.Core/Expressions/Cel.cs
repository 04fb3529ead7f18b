using StreamInsight.Expressions.Planning;

namespace StreamInsight.Expressions;

/// <summary>Our implementation of the Common Expression Language: text in, a planned <see cref="Expression"/> out.</summary>
public static class Cel
{
    /// <summary>
    /// Parses, checks and plans. On faults, adds all that can be found and returns null.
    /// <paramref name="expected"/> = the type the place in the model wants; null = any.
    /// </summary>
    public static Expression? Compile(string source, Scope scope, CelType? expected, List<ExpressionFault> faults) =>
        Planner.Compile(source, scope, expected, isChecked: true, faults);

    /// <summary>Parses and plans without checking types: what would be a fault of type or name is an error of evaluation, if it is reached at all.</summary>
    public static Expression? CompileUnchecked(string source, Scope scope, List<ExpressionFault> faults) =>
        Planner.Compile(source, scope, expected: null, isChecked: false, faults);
}
