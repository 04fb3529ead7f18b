namespace StreamInsight.Definitions.Shapes;

/// <summary>Shapes that stand in many places of a model.</summary>
internal static class CommonShape
{
    public const string IdentifierPattern = "[A-Za-z_][A-Za-z0-9_]*";

    public static readonly Shape Span = new DurationShape(mayBeZero: true) { SchemaName = "duration" };

    public static readonly Shape LongSpan = new DurationShape(mayBeZero: false) { SchemaName = "duration_above_zero" };

    public static readonly Shape Expression = new ExpressionShape { SchemaName = "expression" };
}
