using StreamInsight.Expressions.Nodes;

namespace StreamInsight.Expressions.Library;

/// <summary>Functions of strings, and <c>size</c>. Positions and lengths count code points.</summary>
internal static class Texts
{
    private static readonly Errors.NoOverload NoSize = new("size");

    public static void AddTo(Action<CallShape> add)
    {
        foreach (var isMember in (bool[])[false, true])
            add(StandardLibrary.Of("size", isMember, Size).With(CelType.Int, CelType.String).With(CelType.Int, CelType.Bytes)
                .With(CelType.Int, CelType.List(CelType.Dyn)).With(CelType.Int, CelType.Map(CelType.Dyn, CelType.Dyn)));
        add(Test("contains", Contains));
        add(Test("startsWith", (EvalContext _, in Value a, in Value b) => Value.Bool(a.AsString.StartsWith(b.AsString, StringComparison.Ordinal))));
        add(Test("endsWith", (EvalContext _, in Value a, in Value b) => Value.Bool(a.AsString.EndsWith(b.AsString, StringComparison.Ordinal))));
        foreach (var isMember in (bool[])[false, true])
            add(new CallShape("matches", isMember, 2, MatchesNode.Plan).With(CelType.Bool, CelType.String, CelType.String));
    }

    /// <summary>Code points: a surrogate pair counts once.</summary>
    public static int Length(string text)
    {
        var length = text.Length;
        foreach (var c in text)
            if (char.IsLowSurrogate(c))
                length--;
        return length;
    }

    private static Value Size(EvalContext context, in Value a) => a.Kind switch
    {
        ValueKind.String => context.Spend(1 + (a.AsString.Length / 64)) ? Value.Int(Length(a.AsString)) : Errors.TooCostly,
        ValueKind.Bytes => Value.Int(a.AsBytes.Length),
        ValueKind.List => Value.Int(a.AsList.Length),
        ValueKind.Map => Value.Int(a.AsMap.Count),
        _ => NoSize.Of(a.Kind),
    };

    private static Value Contains(EvalContext context, in Value a, in Value b)
    {
        // The search is quadratic at worst.
        var cost = 1 + ((long)a.AsString.Length * Math.Min(b.AsString.Length, a.AsString.Length - Math.Min(a.AsString.Length, b.AsString.Length) + 1) / 2048);
        return context.Spend((int)Math.Min(cost, int.MaxValue)) ? Value.Bool(a.AsString.Contains(b.AsString, StringComparison.Ordinal)) : Errors.TooCostly;
    }

    private static CallShape Test(string name, Function2 test)
    {
        var noOverload = new Errors.NoOverload(name);
        return StandardLibrary.Of(name, true, (EvalContext context, in Value a, in Value b) =>
                a.Kind == ValueKind.String && b.Kind == ValueKind.String ? test(context, a, b) : noOverload.Of(a.Kind, b.Kind))
            .With(CelType.Bool, CelType.String, CelType.String);
    }
}
