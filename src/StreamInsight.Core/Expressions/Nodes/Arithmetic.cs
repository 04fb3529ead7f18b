namespace StreamInsight.Expressions.Nodes;

/// <summary>CEL's arithmetic: no mixing of number types, overflow is an error, doubles follow IEEE 754.</summary>
internal static class Arithmetic
{
    public const long MinTimestampMs = -62_135_596_800_000;
    public const long MaxTimestampMs = 253_402_300_799_999;

    /// <summary>Durations are 64-bit nanoseconds, as in the reference implementation.</summary>
    public const long MinDurationMs = -9_223_372_036_855;
    public const long MaxDurationMs = 9_223_372_036_854;

    private const int NanosecondsPerMs = 1_000_000;

    private static readonly Errors.NoOverload NoAdd = new("+");
    private static readonly Errors.NoOverload NoSubtract = new("-");
    private static readonly Errors.NoOverload NoMultiply = new("*");
    private static readonly Errors.NoOverload NoDivide = new("/");
    private static readonly Errors.NoOverload NoModulo = new("%");
    private static readonly Errors.NoOverload NoNegate = new("-");

    public static Value Add(EvalContext context, in Value a, in Value b)
    {
        switch (a.Kind, b.Kind)
        {
            case (ValueKind.Int, ValueKind.Int):
                var sum = unchecked(a.Bits + b.Bits);
                return ((a.Bits ^ sum) & (b.Bits ^ sum)) < 0 ? Errors.Overflow : Value.Int(sum);
            case (ValueKind.Double, ValueKind.Double):
                return Value.Double(a.AsDouble + b.AsDouble);
            case (ValueKind.Uint, ValueKind.Uint):
                var unsigned = unchecked(a.AsUint + b.AsUint);
                return unsigned < a.AsUint ? Errors.Overflow : Value.Uint(unsigned);
            case (ValueKind.Timestamp, ValueKind.Duration):
            case (ValueKind.Duration, ValueKind.Timestamp):
                return Timestamp(a.Bits + b.Bits, a.Nanoseconds + b.Nanoseconds);
            case (ValueKind.Duration, ValueKind.Duration):
                return Duration(a.Bits + b.Bits, a.Nanoseconds + b.Nanoseconds);
            case (ValueKind.String, ValueKind.String):
                return AddStrings(context, a.AsString, b.AsString);
            case (ValueKind.Bytes, ValueKind.Bytes):
                return AddBytes(context, a.AsBytes, b.AsBytes);
            case (ValueKind.List, ValueKind.List):
                return AddLists(context, a.AsList, b.AsList);
            default:
                return NoAdd.Of(a.Kind, b.Kind);
        }
    }

    public static Value Subtract(in Value a, in Value b)
    {
        switch (a.Kind, b.Kind)
        {
            case (ValueKind.Int, ValueKind.Int):
                var difference = unchecked(a.Bits - b.Bits);
                return ((a.Bits ^ b.Bits) & (a.Bits ^ difference)) < 0 ? Errors.Overflow : Value.Int(difference);
            case (ValueKind.Double, ValueKind.Double):
                return Value.Double(a.AsDouble - b.AsDouble);
            case (ValueKind.Uint, ValueKind.Uint):
                return b.AsUint > a.AsUint ? Errors.Overflow : Value.Uint(a.AsUint - b.AsUint);
            case (ValueKind.Timestamp, ValueKind.Duration):
                return Timestamp(a.Bits - b.Bits, a.Nanoseconds - b.Nanoseconds);
            case (ValueKind.Timestamp, ValueKind.Timestamp):
            case (ValueKind.Duration, ValueKind.Duration):
                return Duration(a.Bits - b.Bits, a.Nanoseconds - b.Nanoseconds);
            default:
                return NoSubtract.Of(a.Kind, b.Kind);
        }
    }

    public static Value Multiply(in Value a, in Value b)
    {
        switch (a.Kind, b.Kind)
        {
            case (ValueKind.Int, ValueKind.Int):
                var high = Math.BigMul(a.Bits, b.Bits, out var low);
                return high == low >> 63 ? Value.Int(low) : Errors.Overflow;
            case (ValueKind.Double, ValueKind.Double):
                return Value.Double(a.AsDouble * b.AsDouble);
            case (ValueKind.Uint, ValueKind.Uint):
                return Math.BigMul(a.AsUint, b.AsUint, out var product) == 0 ? Value.Uint(product) : Errors.Overflow;
            default:
                return NoMultiply.Of(a.Kind, b.Kind);
        }
    }

    public static Value Divide(in Value a, in Value b)
    {
        switch (a.Kind, b.Kind)
        {
            case (ValueKind.Int, ValueKind.Int):
                return b.Bits == 0 ? Errors.DivideByZero
                    : b.Bits == -1 ? Negate(a)
                    : Value.Int(a.Bits / b.Bits);
            case (ValueKind.Double, ValueKind.Double):
                return Value.Double(a.AsDouble / b.AsDouble);
            case (ValueKind.Uint, ValueKind.Uint):
                return b.Bits == 0 ? Errors.DivideByZero : Value.Uint(a.AsUint / b.AsUint);
            default:
                return NoDivide.Of(a.Kind, b.Kind);
        }
    }

    public static Value Modulo(in Value a, in Value b)
    {
        switch (a.Kind, b.Kind)
        {
            case (ValueKind.Int, ValueKind.Int):
                return b.Bits == 0 ? Errors.ModulusByZero : Value.Int(b.Bits == -1 ? 0 : a.Bits % b.Bits);
            case (ValueKind.Uint, ValueKind.Uint):
                return b.Bits == 0 ? Errors.ModulusByZero : Value.Uint(a.AsUint % b.AsUint);
            default:
                return NoModulo.Of(a.Kind, b.Kind);
        }
    }

    public static Value Negate(in Value a) => a.Kind switch
    {
        ValueKind.Int => a.Bits == long.MinValue ? Errors.Overflow : Value.Int(-a.Bits),
        ValueKind.Double => Value.Double(-a.AsDouble),
        _ => NoNegate.Of(a.Kind),
    };

    /// <summary>A timestamp from parts that may carry over, or the error of its range.</summary>
    public static Value Timestamp(long milliseconds, int nanoseconds)
    {
        Carry(ref milliseconds, ref nanoseconds);
        return milliseconds is < MinTimestampMs or > MaxTimestampMs ? Errors.TimestampRange : Value.Timestamp(milliseconds, nanoseconds);
    }

    /// <summary>A duration from parts that may carry over, or the error of its range.</summary>
    public static Value Duration(long milliseconds, int nanoseconds)
    {
        Carry(ref milliseconds, ref nanoseconds);
        return milliseconds is < MinDurationMs or > MaxDurationMs
            || (milliseconds == MaxDurationMs && nanoseconds > 775_807)
            || (milliseconds == MinDurationMs && nanoseconds < 224_192) ? Errors.DurationRange : Value.Duration(milliseconds, nanoseconds);
    }

    private static void Carry(ref long milliseconds, ref int nanoseconds)
    {
        if (nanoseconds >= NanosecondsPerMs)
        {
            nanoseconds -= NanosecondsPerMs;
            milliseconds++;
        }
        else if (nanoseconds < 0)
        {
            nanoseconds += NanosecondsPerMs;
            milliseconds--;
        }
    }

    private static Value AddStrings(EvalContext context, string a, string b)
    {
        if (a.Length == 0)
            return Value.String(b);
        if (b.Length == 0)
            return Value.String(a);
        var length = a.Length + b.Length;
        return length > Extent.MaxTextLength ? Errors.TooLong : !context.Spend(1 + (length / 64)) ? Errors.TooCostly : Value.String(string.Concat(a, b));
    }

    private static Value AddBytes(EvalContext context, byte[] a, byte[] b)
    {
        var length = a.Length + b.Length;
        return length > Extent.MaxTextLength ? Errors.TooLong : !context.Spend(1 + (length / 64)) ? Errors.TooCostly : Value.Bytes([.. a, .. b]);
    }

    private static Value AddLists(EvalContext context, Value[] a, Value[] b)
    {
        if (a.Length == 0)
            return Value.List(b);
        if (b.Length == 0)
            return Value.List(a);
        var length = a.Length + b.Length;
        return length > Extent.MaxSize ? Errors.TooLong : !context.Spend(1 + (length / 2)) ? Errors.TooCostly : Extent.Check(Value.List([.. a, .. b]));
    }
}
