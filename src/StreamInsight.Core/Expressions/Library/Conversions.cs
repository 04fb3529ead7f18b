using System.Globalization;
using System.Text;
using StreamInsight.Expressions.Nodes;

namespace StreamInsight.Expressions.Library;

/// <summary><c>int(x)</c>, <c>string(x)</c>, <c>timestamp(x)</c> and their like, <c>type(x)</c>, <c>dyn(x)</c>.</summary>
internal static class Conversions
{
    private static readonly Errors.NoOverload NoBool = new("bool()");
    private static readonly Errors.NoOverload NoInt = new("int()");
    private static readonly Errors.NoOverload NoUint = new("uint()");
    private static readonly Errors.NoOverload NoDouble = new("double()");
    private static readonly Errors.NoOverload NoString = new("string()");
    private static readonly Errors.NoOverload NoBytes = new("bytes()");
    private static readonly Errors.NoOverload NoTimestamp = new("timestamp()");
    private static readonly Errors.NoOverload NoDuration = new("duration()");

    private static readonly Value BadBool = Value.Error("this text is no bool");
    private static readonly Value BadNumber = Value.Error("this text is no number of the type wanted");
    private static readonly Value BadUtf8 = Value.Error("these bytes are no UTF-8");

    private static readonly UTF8Encoding StrictUtf8 = new(false, true);

    public static void AddTo(Action<CallShape> add)
    {
        add(StandardLibrary.Of("bool", false, ToBool).With(CelType.Bool, CelType.Bool).With(CelType.Bool, CelType.String));
        add(new CallShape("int", false, 1, PlanInt)
            .With(CelType.Int, CelType.Int).With(CelType.Int, CelType.Uint).With(CelType.Int, CelType.Double).With(CelType.Int, CelType.String)
            .With(CelType.Int, CelType.Timestamp));
        add(StandardLibrary.Of("uint", false, ToUint)
            .With(CelType.Uint, CelType.Int).With(CelType.Uint, CelType.Uint).With(CelType.Uint, CelType.Double).With(CelType.Uint, CelType.String));
        add(StandardLibrary.Of("double", false, ToDouble)
            .With(CelType.Double, CelType.Int).With(CelType.Double, CelType.Uint).With(CelType.Double, CelType.Double).With(CelType.Double, CelType.String));
        var text = StandardLibrary.Of("string", false, ToText);
        foreach (var type in (CelType[])[CelType.Bool, CelType.Int, CelType.Uint, CelType.Double, CelType.String, CelType.Bytes, CelType.Timestamp, CelType.Duration])
            text.With(CelType.String, type);
        add(text);
        add(StandardLibrary.Of("bytes", false, ToBytes).With(CelType.Bytes, CelType.Bytes).With(CelType.Bytes, CelType.String));
        add(new CallShape("timestamp", false, 1, call => Identity(call, CelTypeKind.Timestamp) ?? new Call1Node(ToTimestamp, call.Arguments[0]))
            .With(CelType.Timestamp, CelType.String).With(CelType.Timestamp, CelType.Int).With(CelType.Timestamp, CelType.Timestamp));
        add(new CallShape("duration", false, 1, call => Identity(call, CelTypeKind.Duration) ?? new Call1Node(ToDuration, call.Arguments[0]))
            .With(CelType.Duration, CelType.String).With(CelType.Duration, CelType.Duration));
        add(new CallShape("type", false, 1, call => new TypeOfNode(call.Arguments[0])) { ResultOf = _ => CelType.Type });
        add(new CallShape("dyn", false, 1, call => call.Arguments[0]) { ResultOf = _ => CelType.Dyn });
    }

    /// <summary>A conversion of what already has the type keeps the node, and with it the way it follows the clock.</summary>
    private static Node? Identity(PlannedCall call, CelTypeKind kind) => call.Types[0].Kind == kind ? call.Arguments[0] : null;

    private static Node PlanInt(PlannedCall call) =>
        call.Arguments[0].Moves ? new MovingIntNode(call.Arguments[0]) : new Call1Node(ToInt, call.Arguments[0]);

    private static Value ToBool(EvalContext context, in Value a) => a.Kind switch
    {
        ValueKind.Bool => a,
        ValueKind.String => a.AsString switch
        {
            "1" or "t" or "T" or "true" or "TRUE" or "True" => Value.True,
            "0" or "f" or "F" or "false" or "FALSE" or "False" => Value.False,
            _ => BadBool,
        },
        _ => NoBool.Of(a.Kind),
    };

    internal static Value ToInt(EvalContext context, in Value a)
    {
        switch (a.Kind)
        {
            case ValueKind.Int:
                return a;
            case ValueKind.Uint:
                return a.Bits < 0 ? Errors.ConversionRange : Value.Int(a.Bits);
            case ValueKind.Double:
                // Both bounds are excluded: as doubles they cannot be told from values beyond.
                return a.AsDouble is > -9223372036854775808.0 and < 9223372036854775808.0 ? Value.Int((long)a.AsDouble) : Errors.ConversionRange;
            case ValueKind.String:
                return long.TryParse(a.AsString, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) ? Value.Int(parsed) : BadNumber;
            case ValueKind.Timestamp:
                return Value.Int(Seconds(a.Bits));
            default:
                return NoInt.Of(a.Kind);
        }
    }

    /// <summary>Whole seconds since 1970, rounded down.</summary>
    public static long Seconds(long milliseconds) => milliseconds >= 0 ? milliseconds / 1000 : -((999 - milliseconds) / 1000);

    private static Value ToUint(EvalContext context, in Value a)
    {
        switch (a.Kind)
        {
            case ValueKind.Uint:
                return a;
            case ValueKind.Int:
                return a.Bits < 0 ? Errors.ConversionRange : Value.Uint(a.AsUint);
            case ValueKind.Double:
                return a.AsDouble is > -1.0 and < 18446744073709551616.0 ? Value.Uint((ulong)Math.Max(a.AsDouble, 0)) : Errors.ConversionRange;
            case ValueKind.String:
                return ulong.TryParse(a.AsString, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? Value.Uint(parsed) : BadNumber;
            default:
                return NoUint.Of(a.Kind);
        }
    }

    private static Value ToDouble(EvalContext context, in Value a) => a.Kind switch
    {
        ValueKind.Double => a,
        ValueKind.Int or ValueKind.Uint => Value.Double(Comparisons.ToDouble(a)),
        ValueKind.String => NumberText.TryParse(a.AsString, out var parsed) ? Value.Double(parsed) : BadNumber,
        _ => NoDouble.Of(a.Kind),
    };

    private static Value ToText(EvalContext context, in Value a)
    {
        switch (a.Kind)
        {
            case ValueKind.String:
                return a;
            case ValueKind.Bool:
                return Value.String(a.IsTrue ? "true" : "false");
            case ValueKind.Int:
                return Value.String(a.AsInt.ToString(CultureInfo.InvariantCulture));
            case ValueKind.Uint:
                return Value.String(a.AsUint.ToString(CultureInfo.InvariantCulture));
            case ValueKind.Double:
                return Value.String(NumberText.Format(a.AsDouble));
            case ValueKind.Timestamp:
                return Value.String(TimeText.FormatTimestamp(a));
            case ValueKind.Duration:
                return Value.String(TimeText.FormatDuration(a));
            case ValueKind.Bytes:
                if (!context.Spend(1 + (a.AsBytes.Length / 64)))
                    return Errors.TooCostly;
                return System.Text.Unicode.Utf8.IsValid(a.AsBytes) ? Value.String(StrictUtf8.GetString(a.AsBytes)) : BadUtf8;
            default:
                return NoString.Of(a.Kind);
        }
    }

    private static Value ToBytes(EvalContext context, in Value a) => a.Kind switch
    {
        ValueKind.Bytes => a,
        ValueKind.String => context.Spend(1 + (a.AsString.Length / 64)) ? Value.Bytes(Encoding.UTF8.GetBytes(a.AsString)) : Errors.TooCostly,
        _ => NoBytes.Of(a.Kind),
    };

    private static Value ToTimestamp(EvalContext context, in Value a) => a.Kind switch
    {
        ValueKind.Timestamp => a,
        ValueKind.String => TimeText.ParseTimestamp(a.AsString),
        ValueKind.Int => a.Bits is < Arithmetic.MinTimestampMs / 1000 or > Arithmetic.MaxTimestampMs / 1000 ? Errors.TimestampRange : Value.TimestampMs(a.Bits * 1000),
        _ => NoTimestamp.Of(a.Kind),
    };

    private static Value ToDuration(EvalContext context, in Value a) => a.Kind switch
    {
        ValueKind.Duration => a,
        ValueKind.String => TimeText.ParseDuration(a.AsString),
        _ => NoDuration.Of(a.Kind),
    };
}
