namespace StreamInsight.Expressions;

/// <summary>
/// Equality and order of values by CEL's rules. Equality never fails: different kinds are unequal, null equals only null, numbers of different kinds
/// compare by value (a whole number against a double as doubles). Order exists among numbers, strings (by code point), bytes, bools, timestamps and durations.
/// </summary>
public static class Comparisons
{
    /// <summary>The result of <c>left OP right</c>: a bool, or an error where there is no order or an operand is one.</summary>
    public static Value Compare(in Value left, Comparison comparison, in Value right) => Compare(null, left, comparison, right);

    /// <summary>Equality by CEL's rules; false for errors.</summary>
    public static bool AreEqual(in Value left, in Value right) => AreEqual(null, left, right, out _);

    /// <summary>The comparison that gives the same answer with its operands exchanged.</summary>
    public static Comparison Flip(Comparison comparison) => comparison switch
    {
        Comparison.Less => Comparison.Greater,
        Comparison.LessOrEqual => Comparison.GreaterOrEqual,
        Comparison.Greater => Comparison.Less,
        Comparison.GreaterOrEqual => Comparison.LessOrEqual,
        _ => comparison,
    };

    /// <summary>Whether an order of -1, 0 or 1 satisfies the comparison.</summary>
    public static bool Holds(Comparison comparison, int order) => comparison switch
    {
        Comparison.Equal => order == 0,
        Comparison.NotEqual => order != 0,
        Comparison.Less => order < 0,
        Comparison.LessOrEqual => order <= 0,
        Comparison.Greater => order > 0,
        _ => order >= 0,
    };

    internal static Value Compare(EvalContext? context, in Value left, Comparison comparison, in Value right)
    {
        if (left.IsError)
            return left;
        if (right.IsError)
            return right;
        if (comparison <= Comparison.NotEqual)
        {
            var equal = AreEqual(context, left, right, out var exhausted);
            return exhausted ? Errors.TooCostly : Value.Bool(equal == (comparison == Comparison.Equal));
        }
        return TryOrder(left, right, out var order, out var unordered) ? Value.Bool(Holds(comparison, order))
            : unordered ? Value.False
            : NoOverload[(int)comparison].Of(left.Kind, right.Kind);
    }

    /// <summary>Order of two values of one family. False with <paramref name="unordered"/> for NaN; false without it where there is no order.</summary>
    internal static bool TryOrder(in Value left, in Value right, out int order, out bool unordered)
    {
        unordered = false;
        if (left.Kind == right.Kind)
        {
            switch (left.Kind)
            {
                case ValueKind.Int or ValueKind.Bool:
                    order = left.Bits.CompareTo(right.Bits);
                    return true;
                case ValueKind.Uint:
                    order = left.AsUint.CompareTo(right.AsUint);
                    return true;
                case ValueKind.Timestamp or ValueKind.Duration:
                    order = left.Bits.CompareTo(right.Bits);
                    if (order == 0)
                        order = left.Nanoseconds.CompareTo(right.Nanoseconds);
                    return true;
                case ValueKind.Double:
                    return OrderDoubles(left.AsDouble, right.AsDouble, out order, out unordered);
                case ValueKind.String:
                    order = OrderStrings(left.AsString, right.AsString);
                    return true;
                case ValueKind.Bytes:
                    order = Math.Sign(left.AsBytes.AsSpan().SequenceCompareTo(right.AsBytes));
                    return true;
                default:
                    order = 0;
                    return false;
            }
        }
        if (!IsNumber(left.Kind) || !IsNumber(right.Kind))
        {
            order = 0;
            return false;
        }
        if (left.Kind == ValueKind.Double || right.Kind == ValueKind.Double)
            return OrderDoubles(ToDouble(left), ToDouble(right), out order, out unordered);
        order = left.Kind == ValueKind.Int
            ? (left.AsInt < 0 ? -1 : left.AsUint.CompareTo(right.AsUint))
            : (right.AsInt < 0 ? 1 : left.AsUint.CompareTo(right.AsUint));
        return true;
    }

    internal static bool AreEqual(EvalContext? context, in Value left, in Value right, out bool exhausted)
    {
        exhausted = false;
        if (left.Kind != right.Kind)
            return IsNumber(left.Kind) && IsNumber(right.Kind) && TryOrder(left, right, out var order, out _) && order == 0;
        switch (left.Kind)
        {
            case ValueKind.Null:
                return true;
            case ValueKind.Bool or ValueKind.Int or ValueKind.Uint:
                return left.Bits == right.Bits;
            case ValueKind.Double:
                return left.AsDouble == right.AsDouble;
            case ValueKind.Timestamp or ValueKind.Duration:
                return left.Bits == right.Bits && left.Nanoseconds == right.Nanoseconds;
            case ValueKind.String or ValueKind.Type:
                return string.Equals(left.AsString, right.AsString);
            case ValueKind.Bytes:
                return left.AsBytes.AsSpan().SequenceEqual(right.AsBytes);
            case ValueKind.List:
                return AreEqualLists(context, left.AsList, right.AsList, out exhausted);
            case ValueKind.Map:
                return AreEqualMaps(context, left.AsMap, right.AsMap, out exhausted);
            default:
                return false;
        }
    }

    /// <summary>By code point, which is the order of the UTF-8 bytes; UTF-16 alone would put U+1F600 before U+FF01.</summary>
    internal static int OrderStrings(string left, string right)
    {
        var common = left.AsSpan().CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
            return left.Length.CompareTo(right.Length);
        int a = left[common], b = right[common];
        if (a >= 0xD800 && b >= 0xD800)
        {
            // Surrogates stand for code points above all others: lift them over U+E000–U+FFFF.
            a += a <= 0xDFFF ? 0x2000 : -0x800;
            b += b <= 0xDFFF ? 0x2000 : -0x800;
        }
        return a.CompareTo(b);
    }

    internal static bool IsNumber(ValueKind kind) => kind is ValueKind.Int or ValueKind.Uint or ValueKind.Double;

    internal static double ToDouble(in Value number) => number.Kind switch
    {
        ValueKind.Int => number.AsInt,
        ValueKind.Uint => number.AsUint,
        _ => number.AsDouble,
    };

    private static readonly Errors.NoOverload[] NoOverload = [new("=="), new("!="), new("<"), new("<="), new(">"), new(">=")];

    private static bool OrderDoubles(double left, double right, out int order, out bool unordered)
    {
        order = left < right ? -1 : left > right ? 1 : 0;
        unordered = double.IsNaN(left) || double.IsNaN(right);
        return !unordered;
    }

    private static bool AreEqualLists(EvalContext? context, Value[] left, Value[] right, out bool exhausted)
    {
        exhausted = false;
        if (left.Length != right.Length)
            return false;
        for (var i = 0; i < left.Length; i++)
        {
            if (context is not null && !context.Spend(1))
            {
                exhausted = true;
                return false;
            }
            if (!AreEqual(context, left[i], right[i], out exhausted))
                return false;
        }
        return true;
    }

    private static bool AreEqualMaps(EvalContext? context, CelMap left, CelMap right, out bool exhausted)
    {
        exhausted = false;
        if (left.Count != right.Count)
            return false;
        foreach (var (key, value) in left.Entries)
        {
            if (context is not null && !context.Spend(1))
            {
                exhausted = true;
                return false;
            }
            if (!right.TryGet(key, out var other) || !AreEqual(context, value, other, out exhausted))
                return false;
        }
        return true;
    }
}
