using StreamInsight.Expressions;

namespace StreamInsight.Decisions;

/// <summary>Numbers of any kind as doubles.</summary>
internal static class Numbers
{
    /// <summary>NaN for what is no number.</summary>
    public static double OrNaN(in Value value) => value.Kind switch
    {
        ValueKind.Double => value.AsDouble,
        ValueKind.Int => value.AsInt,
        ValueKind.Uint => value.AsUint,
        _ => double.NaN,
    };
}
