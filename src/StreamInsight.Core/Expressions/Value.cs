using System.Runtime.CompilerServices;

namespace StreamInsight.Expressions;

/// <summary>
/// One CEL value, or the error an evaluation ended in. <c>default</c> is null.
/// Numbers, booleans, timestamps and durations sit in <see cref="Bits"/>; text, bytes, lists and maps in <see cref="Reference"/>.
/// Timestamps are nanoseconds-capable: whole seconds since 1970 are not enough for CEL, so see <see cref="CelTime"/>.
/// </summary>
public readonly struct Value
{
    private Value(ValueKind kind, long bits, object? reference)
    {
        Kind = kind;
        Bits = bits;
        Reference = reference;
    }

    public object? Reference { get; }

    public long Bits { get; }

    public ValueKind Kind { get; }

    public static Value Null => default;

    public static Value True => new(ValueKind.Bool, 1, null);

    public static Value False => new(ValueKind.Bool, 0, null);

    public bool IsNull => Kind == ValueKind.Null;

    public bool IsError => Kind == ValueKind.Error;

    /// <summary>True only for the boolean true: null, errors and every other value are false here.</summary>
    public bool IsTrue => Kind == ValueKind.Bool && Bits != 0;

    public long AsInt => Bits;

    public ulong AsUint => (ulong)Bits;

    public double AsDouble => BitConverter.Int64BitsToDouble(Bits);

    public string AsString => Unsafe.As<string>(Reference!);

    public static Value Bool(bool value) => value ? True : False;

    public static Value Int(long value) => new(ValueKind.Int, value, null);

    public static Value Uint(ulong value) => new(ValueKind.Uint, (long)value, null);

    public static Value Double(double value) => new(ValueKind.Double, BitConverter.DoubleToInt64Bits(value), null);

    public static Value String(string value) => new(ValueKind.String, 0, value);

    public static Value Error(string message) => new(ValueKind.Error, 0, message);

    /// <summary>An instant in milliseconds since 1970, UTC: the only resolution the engine knows.</summary>
    public static Value TimestampMs(long milliseconds) => new(ValueKind.Timestamp, milliseconds, null);

    /// <summary>A span in milliseconds.</summary>
    public static Value DurationMs(long milliseconds) => new(ValueKind.Duration, milliseconds, null);

    /// <summary>Any other value; <paramref name="reference"/> carries what the kind needs.</summary>
    public static Value Of(ValueKind kind, long bits, object? reference) => new(kind, bits, reference);
}
