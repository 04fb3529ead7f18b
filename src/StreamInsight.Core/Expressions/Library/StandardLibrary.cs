using StreamInsight.Expressions.Nodes;

namespace StreamInsight.Expressions.Library;

/// <summary>Every function that is always in scope. Built once; read by planners.</summary>
internal static class StandardLibrary
{
    private static readonly Dictionary<(string Name, bool IsMember, int Arity), CallShape> Shapes = [];
    private static readonly Dictionary<string, List<CallShape>> ByName = new(StringComparer.Ordinal);

    static StandardLibrary()
    {
        Conversions.AddTo(Add);
        Texts.AddTo(Add);
        TextExtensions.AddTo(Add);
        Numbers.AddTo(Add);
        Calendar.AddTo(Add);
    }

    /// <summary>Names of types that stand for themselves: <c>type(x) == int</c>.</summary>
    public static readonly HashSet<string> TypeNames = new(StringComparer.Ordinal)
    {
        "bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type", "google.protobuf.Timestamp", "google.protobuf.Duration",
    };

    /// <summary>The function, or null; <paramref name="arity"/> counts a target.</summary>
    public static CallShape? Find(string name, bool isMember, int arity) =>
        Shapes.GetValueOrDefault((name, isMember, arity)) ?? Shapes.GetValueOrDefault((name, isMember, -1));

    /// <summary>Everything of that name, of whatever style and number of arguments.</summary>
    public static IReadOnlyList<CallShape> Named(string name) => ByName.TryGetValue(name, out var shapes) ? shapes : [];

    public static IEnumerable<string> Names => ByName.Keys;

    public static CallShape Of(string name, bool isMember, Function1 function) =>
        new(name, isMember, 1, call => new Call1Node(function, call.Arguments[0]));

    public static CallShape Of(string name, bool isMember, Function2 function) =>
        new(name, isMember, 2, call => new Call2Node(function, call.Arguments[0], call.Arguments[1]));

    public static CallShape Of(string name, bool isMember, int arity, FunctionN function) =>
        new(name, isMember, arity, call => new CallNNode(function, call.Arguments));

    private static void Add(CallShape shape)
    {
        Shapes.Add((shape.Name, shape.IsMember, shape.Arity), shape);
        if (!ByName.TryGetValue(shape.Name, out var named))
            ByName.Add(shape.Name, named = []);
        named.Add(shape);
    }
}
