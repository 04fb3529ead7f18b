namespace StreamInsight.Expressions.Planning;

/// <summary>Which types CEL's operators take. A result of null means: no overload. A side that is dyn is judged at evaluation.</summary>
internal static class ArithmeticTypes
{
    public static CelType? Sum(CelType left, CelType right)
    {
        var (a, b) = (left.WithoutNull, right.WithoutNull);
        return (a.Kind, b.Kind) switch
        {
            (CelTypeKind.Timestamp, CelTypeKind.Duration) or (CelTypeKind.Duration, CelTypeKind.Timestamp) => CelType.Timestamp,
            (CelTypeKind.Timestamp, CelTypeKind.Timestamp) => null,
            _ when IsOpenTime(a, b) => CelType.Dyn,
            _ => Same(a, b, CelTypeKind.Int, CelTypeKind.Uint, CelTypeKind.Double, CelTypeKind.String, CelTypeKind.Bytes, CelTypeKind.Duration, CelTypeKind.List),
        };
    }

    public static CelType? Difference(CelType left, CelType right)
    {
        var (a, b) = (left.WithoutNull, right.WithoutNull);
        return (a.Kind, b.Kind) switch
        {
            (CelTypeKind.Timestamp, CelTypeKind.Timestamp) => CelType.Duration,
            (CelTypeKind.Timestamp, CelTypeKind.Duration) => CelType.Timestamp,
            _ when IsOpenTime(a, b) => CelType.Dyn,
            _ => Same(a, b, CelTypeKind.Int, CelTypeKind.Uint, CelTypeKind.Double, CelTypeKind.Duration),
        };
    }

    public static CelType? Product(CelType left, CelType right) => Same(left.WithoutNull, right.WithoutNull, CelTypeKind.Int, CelTypeKind.Uint, CelTypeKind.Double);

    public static CelType? Remainder(CelType left, CelType right) => Same(left.WithoutNull, right.WithoutNull, CelTypeKind.Int, CelTypeKind.Uint);

    public static CelType? Membership(CelType element, CelType container)
    {
        var type = container.WithoutNull;
        var fits = type.IsOpen
            || (type.Kind == CelTypeKind.List && AreEquatable(element, type.Inner!))
            || (type.Kind == CelTypeKind.Map && AreEquatable(element, type.Key!));
        return fits ? CelType.Bool : null;
    }

    /// <summary>One type fits the other, both are numbers, or one is null: anything may be asked whether it is null.</summary>
    public static bool AreEquatable(CelType left, CelType right) =>
        left.Kind == CelTypeKind.Null || right.Kind == CelTypeKind.Null || left.Fits(right) || right.Fits(left) || (left.IsNumeric && right.IsNumeric);

    public static bool AreOrdered(CelType left, CelType right)
    {
        var (a, b) = (left.WithoutNull, right.WithoutNull);
        if (!IsOrdered(a) || !IsOrdered(b))
            return false;
        return a.IsOpen || b.IsOpen || a.Kind == b.Kind || (a.IsNumeric && b.IsNumeric);
    }

    private static bool IsOrdered(CelType type) => type.IsOpen || type.Kind is CelTypeKind.Bool or CelTypeKind.Int or CelTypeKind.Uint or CelTypeKind.Double
        or CelTypeKind.String or CelTypeKind.Bytes or CelTypeKind.Timestamp or CelTypeKind.Duration;

    private static bool IsOpenTime(CelType a, CelType b) =>
        (a.IsOpen && b.Kind is CelTypeKind.Timestamp or CelTypeKind.Duration) || (b.IsOpen && a.Kind is CelTypeKind.Timestamp or CelTypeKind.Duration);

    private static CelType? Same(CelType a, CelType b, params ReadOnlySpan<CelTypeKind> kinds)
    {
        if (a.IsOpen || b.IsOpen)
        {
            var known = a.IsOpen ? b : a;
            return known.IsOpen || kinds.Contains(known.Kind) ? known : null;
        }
        return a.Kind == b.Kind && kinds.Contains(a.Kind) ? CelType.Join(a, b) : null;
    }
}
