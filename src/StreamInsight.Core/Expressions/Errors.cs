namespace StreamInsight.Expressions;

/// <summary>The errors evaluations end in. Prepared, because a condition over something unset ends in one at every step.</summary>
internal static class Errors
{
    public static readonly Value Overflow = Value.Error("a whole number left its range");
    public static readonly Value DivideByZero = Value.Error("division by zero");
    public static readonly Value ModulusByZero = Value.Error("modulus by zero");
    public static readonly Value TimestampRange = Value.Error("a timestamp left its range, years 1 to 9999");
    public static readonly Value DurationRange = Value.Error("a duration left its range of about 292 years");
    public static readonly Value NoSuchKey = Value.Error("no such key");
    public static readonly Value IndexOutOfRange = Value.Error("index out of range");
    public static readonly Value BadIndex = Value.Error("a list index must be a whole number");
    public static readonly Value BadKey = Value.Error("a map key must be a bool, int, uint or string");
    public static readonly Value RepeatedKey = Value.Error("a map key is repeated");
    public static readonly Value NotBool = Value.Error("no such overload: a condition must be a bool");
    public static readonly Value NotComparable = Value.Error("no such overload: these cannot be ordered");
    public static readonly Value NotIterable = Value.Error("no such overload: a macro runs over a list or a map");
    public static readonly Value TooCostly = Value.Error("the expression took too many steps");
    public static readonly Value TooLong = Value.Error("a text, list or map grew too long");
    public static readonly Value ConversionRange = Value.Error("a number is out of the range of the type wanted");

    private const int Kinds = (int)ValueKind.Error + 1;

    private static readonly string[] KindNames =
        ["null", "bool", "int", "uint", "double", "string", "bytes", "timestamp", "duration", "list", "map", "type", "error"];

    /// <summary>One prepared error per pair of operand kinds, for one operator or function. Shared by threads: a text is written whole or not at all.</summary>
    public sealed class NoOverload(string name)
    {
        private readonly string?[] _unary = new string?[Kinds];
        private readonly string?[] _binary = new string?[Kinds * Kinds];

        public Value Of(ValueKind a) => Value.Error(_unary[(int)a] ??= $"no such overload: {name} of {KindNames[(int)a]}");

        public Value Of(ValueKind a, ValueKind b) =>
            Value.Error(_binary[((int)a * Kinds) + (int)b] ??= $"no such overload: {name} of {KindNames[(int)a]} and {KindNames[(int)b]}");
    }
}
