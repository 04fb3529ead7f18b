using StreamInsight.Definitions;
using StreamInsight.Expressions;

namespace StreamInsight.Features;

/// <summary>
/// One entry of a feature: its time and its value. A string sits in <paramref name="Text"/>; every other value in <paramref name="Bits"/>
/// (a double by its bit pattern, a boolean as 0 or 1, a sequence's steps as a mask). <c>default</c> = nothing observed.
/// </summary>
public readonly record struct Entry(long TimeMs, long Bits, string? Text)
{
    public static Entry Of(long timeMs, in Value value) =>
        new(timeMs, value.Bits, value.Kind == ValueKind.String ? value.AsString : null);

    public static Value ToValue(PropertyType type, long bits, string? text) => type switch
    {
        PropertyType.String => text is null ? Value.Null : Value.String(text),
        PropertyType.Int => Value.Int(bits),
        PropertyType.Double => Value.Double(BitConverter.Int64BitsToDouble(bits)),
        PropertyType.Bool => Value.Bool(bits != 0),
        PropertyType.Timestamp => Value.TimestampMs(bits),
        _ => throw new InvalidOperationException($"No value of type {type}."),
    };

    /// <summary>Numbers and instants by value, false before true, strings by their UTF-8 bytes.</summary>
    public static int Compare(PropertyType type, long bits, string? text, long otherBits, string? otherText) => type switch
    {
        PropertyType.String => Utf8Order.Compare(text!, otherText!),
        PropertyType.Double => BitConverter.Int64BitsToDouble(bits).CompareTo(BitConverter.Int64BitsToDouble(otherBits)),
        _ => bits.CompareTo(otherBits),
    };

    /// <summary>Equal as CEL's == has it for one type: -0.0 equals 0.0.</summary>
    public static bool SameValue(PropertyType type, long bits, string? text, long otherBits, string? otherText) => type switch
    {
        PropertyType.String => string.Equals(text, otherText),
        PropertyType.Double => BitConverter.Int64BitsToDouble(bits) == BitConverter.Int64BitsToDouble(otherBits),
        _ => bits == otherBits,
    };
}
