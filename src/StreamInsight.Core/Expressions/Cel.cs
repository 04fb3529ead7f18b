namespace StreamInsight.Expressions;

/// <summary>Our implementation of the Common Expression Language: text in, a planned <see cref="Expression"/> out.</summary>
public static class Cel
{
    /// <summary>
    /// Parses, checks and plans. On faults, adds all that can be found and returns null.
    /// <paramref name="expected"/> = the type the place in the model wants; null = any.
    /// </summary>
    public static Expression? Compile(string source, Scope scope, CelType? expected, List<ExpressionFault> faults)
    {
        faults.Add(new ExpressionFault(1, 1, "not yet"));
        return null;
    }
}
