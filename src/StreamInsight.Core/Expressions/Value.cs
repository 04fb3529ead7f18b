using System.Globalization;
using System.Runtime.CompilerServices;

namespace StreamInsight.Expressions;

/// <summary>
/// One CEL value, or the error an evaluation ended in. <c>default</c> is null.
/// Numbers, booleans, timestamps and durations sit in <see cref="Bits"/>; text, bytes, lists and maps in <see cref="Reference"/>.
/// Lists and maps keep their <see cref="Extent"/> in <see cref="Bits"/>.
/// Timestamps and durations are milliseconds, rounded down, in <see cref="Bits"/>; what CEL knows beyond that is in <see cref="Nanoseconds"/>.
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

    public byte[] AsBytes => Unsafe.As<byte[]>(Reference!);

    /// <summary>The elements of a list. Never written to.</summary>
    public Value[] AsList => Unsafe.As<Value[]>(Reference!);

    public CelMap AsMap => Unsafe.As<CelMap>(Reference!);

    /// <summary>The name of a type, as <c>type(x)</c> prints it.</summary>
    public string AsTypeName => Unsafe.As<string>(Reference!);

    /// <summary>Of a timestamp or duration: nanoseconds above its milliseconds, 0 to 999,999. Always 0 for what the engine itself produces.</summary>
    public int Nanoseconds => Reference is int nanoseconds ? nanoseconds : 0;

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

    internal static Value Timestamp(long milliseconds, int nanoseconds) => new(ValueKind.Timestamp, milliseconds, nanoseconds == 0 ? null : nanoseconds);

    internal static Value Duration(long milliseconds, int nanoseconds) => new(ValueKind.Duration, milliseconds, nanoseconds == 0 ? null : nanoseconds);

    /// <summary>A list that owns the array: nobody may write to it afterwards.</summary>
    public static Value List(params Value[] elements) => new(ValueKind.List, Extent.Of(elements), elements);

    public static Value Map(CelMap map) => new(ValueKind.Map, Extent.Of(map), map);

    /// <summary>Bytes; the value owns the array.</summary>
    public static Value Bytes(byte[] bytes) => new(ValueKind.Bytes, 0, bytes);

    public static Value Type(string name) => new(ValueKind.Type, 0, name);

    /// <summary>Any other value; <paramref name="reference"/> carries what the kind needs.</summary>
    public static Value Of(ValueKind kind, long bits, object? reference) => new(kind, bits, reference);

    /// <summary>For people and debuggers; not CEL's string().</summary>
    public override string ToString() => Kind switch
    {
        ValueKind.Null => "null",
        ValueKind.Bool => Bits != 0 ? "true" : "false",
        ValueKind.Int => Bits.ToString(CultureInfo.InvariantCulture),
        ValueKind.Uint => AsUint.ToString(CultureInfo.InvariantCulture) + "u",
        ValueKind.Double => AsDouble.ToString("R", CultureInfo.InvariantCulture),
        ValueKind.String => $"'{AsString}'",
        ValueKind.Timestamp or ValueKind.Duration => $"{Kind} {Bits} ms",
        ValueKind.Error => $"error: {AsString}",
        _ => $"{Kind} {Reference}",
    };
}
