using StreamInsight.Definitions;
using StreamInsight.Expressions;

namespace StreamInsight.Features.Aggregates;

/// <summary>The CEL type of a declared property.</summary>
public static class CelTypes
{
    public static CelType Of(PropertyType type) => type switch
    {
        PropertyType.String => CelType.String,
        PropertyType.Int => CelType.Int,
        PropertyType.Double => CelType.Double,
        PropertyType.Bool => CelType.Bool,
        PropertyType.Timestamp => CelType.Timestamp,
        _ => throw new InvalidOperationException($"No CEL type for {type}."),
    };
}
