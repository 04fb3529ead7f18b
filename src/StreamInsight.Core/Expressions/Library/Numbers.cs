using StreamInsight.Expressions.Nodes;

namespace StreamInsight.Expressions.Library;

/// <summary><c>math.*</c> as in CEL's math extension, and our own <c>clamp</c>.</summary>
internal static class Numbers
{
    private static readonly CelType[] NumberTypes = [CelType.Int, CelType.Uint, CelType.Double];

    private static readonly Errors.NoOverload NoGreatest = new("math.greatest");
    private static readonly Errors.NoOverload NoLeast = new("math.least");
    private static readonly Errors.NoOverload NoAbs = new("math.abs");
    private static readonly Errors.NoOverload NoSign = new("math.sign");
    private static readonly Errors.NoOverload NoClamp = new("clamp");

    private static readonly Value ClampMixed = Value.Error("clamp() takes three numbers of one type");
    private static readonly Value ClampOrder = Value.Error("clamp(x, low, high) with low above high");
    private static readonly Value EmptyList = Value.Error("math.greatest and math.least need at least one number");
    private static readonly Value BadShift = Value.Error("math.bitShift by a negative number");

    public static void AddTo(Action<CallShape> add)
    {
        add(new CallShape("math.greatest", false, -1, call => new CallNNode((c, a) => Extreme(c, a, 1, NoGreatest), call.Arguments)) { ResultOf = ExtremeType });
        add(new CallShape("math.least", false, -1, call => new CallNNode((c, a) => Extreme(c, a, -1, NoLeast), call.Arguments)) { ResultOf = ExtremeType });
        add(StandardLibrary.Of("clamp", false, 3, Clamp).With(CelType.Int, CelType.Int, CelType.Int, CelType.Int)
            .With(CelType.Uint, CelType.Uint, CelType.Uint, CelType.Uint).With(CelType.Double, CelType.Double, CelType.Double, CelType.Double));
        add(OverNumbers(StandardLibrary.Of("math.abs", false, Abs)));
        add(OverNumbers(StandardLibrary.Of("math.sign", false, Sign)));
        // Half away from zero, as in the reference implementation.
        add(OverDoubles("math.round", x => Math.Round(x, MidpointRounding.AwayFromZero)));
        add(OverDoubles("math.ceil", Math.Ceiling));
        add(OverDoubles("math.floor", Math.Floor));
        add(OverDoubles("math.trunc", Math.Truncate));
        add(Test("math.isNaN", double.IsNaN));
        add(Test("math.isInf", double.IsInfinity));
        add(Test("math.isFinite", double.IsFinite));
        var noSqrt = new Errors.NoOverload("math.sqrt");
        add(StandardLibrary.Of("math.sqrt", false, (EvalContext _, in Value a) =>
                Comparisons.IsNumber(a.Kind) ? Value.Double(Math.Sqrt(Comparisons.ToDouble(a))) : noSqrt.Of(a.Kind))
            .With(CelType.Double, CelType.Int).With(CelType.Double, CelType.Uint).With(CelType.Double, CelType.Double));
        add(Bits("math.bitAnd", (a, b) => a & b));
        add(Bits("math.bitOr", (a, b) => a | b));
        add(Bits("math.bitXor", (a, b) => a ^ b));
        var noNot = new Errors.NoOverload("math.bitNot");
        add(StandardLibrary.Of("math.bitNot", false, (EvalContext _, in Value a) =>
                a.Kind is ValueKind.Int or ValueKind.Uint ? Value.Of(a.Kind, ~a.Bits, null) : noNot.Of(a.Kind))
            .With(CelType.Int, CelType.Int).With(CelType.Uint, CelType.Uint));
        add(Shift("math.bitShiftLeft", (a, by) => by > 63 ? 0 : a << (int)by));
        add(Shift("math.bitShiftRight", (a, by) => by > 63 ? 0 : (long)((ulong)a >> (int)by)));
    }

    private static CelType? ExtremeType(CelType[] arguments)
    {
        CelType? result = null;
        foreach (var argument in arguments.Length == 1 && arguments[0].WithoutNull.Kind == CelTypeKind.List ? [arguments[0].WithoutNull.Inner!] : arguments)
        {
            if (!argument.IsOpen && !argument.IsNumeric)
                return null;
            result = result is null || result.Equals(argument.WithoutNull) ? argument.WithoutNull : CelType.Dyn;
        }
        return result;
    }

    private static Value Extreme(EvalContext context, ReadOnlySpan<Value> arguments, int direction, Errors.NoOverload noOverload)
    {
        if (arguments.Length == 1 && arguments[0].Kind == ValueKind.List)
        {
            arguments = arguments[0].AsList;
            if (arguments.IsEmpty)
                return EmptyList;
            if (!context.Spend(arguments.Length))
                return Errors.TooCostly;
        }
        var best = arguments[0];
        if (!Comparisons.IsNumber(best.Kind))
            return noOverload.Of(best.Kind);
        foreach (ref readonly var candidate in arguments[1..])
        {
            if (!Comparisons.IsNumber(candidate.Kind))
                return noOverload.Of(best.Kind, candidate.Kind);
            if (Comparisons.TryOrder(candidate, best, out var order, out _) && order == direction)
                best = candidate;
        }
        return best;
    }

    private static Value Clamp(EvalContext context, ReadOnlySpan<Value> arguments)
    {
        var (x, low, high) = (arguments[0], arguments[1], arguments[2]);
        foreach (ref readonly var argument in arguments)
            if (!Comparisons.IsNumber(argument.Kind))
                return NoClamp.Of(argument.Kind);
        if (x.Kind != low.Kind || x.Kind != high.Kind)
            return ClampMixed;
        if (!Comparisons.TryOrder(low, high, out var order, out _) || order > 0)
            return ClampOrder;
        if (Comparisons.TryOrder(x, low, out order, out _) && order < 0)
            return low;
        return Comparisons.TryOrder(x, high, out order, out _) && order > 0 ? high : x;
    }

    private static Value Abs(EvalContext context, in Value a) => a.Kind switch
    {
        ValueKind.Int => a.Bits == long.MinValue ? Errors.Overflow : Value.Int(Math.Abs(a.Bits)),
        ValueKind.Uint => a,
        ValueKind.Double => Value.Double(Math.Abs(a.AsDouble)),
        _ => NoAbs.Of(a.Kind),
    };

    private static Value Sign(EvalContext context, in Value a) => a.Kind switch
    {
        ValueKind.Int => Value.Int(Math.Sign(a.Bits)),
        ValueKind.Uint => Value.Uint(a.Bits == 0 ? 0u : 1u),
        ValueKind.Double => double.IsNaN(a.AsDouble) ? a : Value.Double(Math.Sign(a.AsDouble)),
        _ => NoSign.Of(a.Kind),
    };

    private static CallShape OverNumbers(CallShape shape)
    {
        foreach (var type in NumberTypes)
            shape.With(type, type);
        return shape;
    }

    private static CallShape OverDoubles(string name, Func<double, double> function)
    {
        var noOverload = new Errors.NoOverload(name);
        return StandardLibrary.Of(name, false, (EvalContext _, in Value a) =>
            a.Kind == ValueKind.Double ? Value.Double(function(a.AsDouble)) : noOverload.Of(a.Kind)).With(CelType.Double, CelType.Double);
    }

    private static CallShape Test(string name, Func<double, bool> function)
    {
        var noOverload = new Errors.NoOverload(name);
        return StandardLibrary.Of(name, false, (EvalContext _, in Value a) =>
            a.Kind == ValueKind.Double ? Value.Bool(function(a.AsDouble)) : noOverload.Of(a.Kind)).With(CelType.Bool, CelType.Double);
    }

    private static CallShape Bits(string name, Func<long, long, long> function)
    {
        var noOverload = new Errors.NoOverload(name);
        return StandardLibrary.Of(name, false, (EvalContext _, in Value a, in Value b) =>
                a.Kind == b.Kind && a.Kind is ValueKind.Int or ValueKind.Uint ? Value.Of(a.Kind, function(a.Bits, b.Bits), null) : noOverload.Of(a.Kind, b.Kind))
            .With(CelType.Int, CelType.Int, CelType.Int).With(CelType.Uint, CelType.Uint, CelType.Uint);
    }

    private static CallShape Shift(string name, Func<long, long, long> function)
    {
        var noOverload = new Errors.NoOverload(name);
        return StandardLibrary.Of(name, false, (EvalContext _, in Value a, in Value b) =>
                a.Kind is not (ValueKind.Int or ValueKind.Uint) || b.Kind != ValueKind.Int ? noOverload.Of(a.Kind, b.Kind)
                : b.Bits < 0 ? BadShift
                : Value.Of(a.Kind, function(a.Bits, b.Bits), null))
            .With(CelType.Int, CelType.Int, CelType.Int).With(CelType.Uint, CelType.Uint, CelType.Int);
    }
}
