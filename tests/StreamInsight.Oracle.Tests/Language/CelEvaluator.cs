namespace StreamInsight.Oracle.Language;

/// <summary>Evaluates an expression over a scope, straight from CEL's definition. Errors are values.</summary>
public sealed class CelEvaluator(IScope scope)
{
    private readonly Dictionary<string, object?> locals = [];

    public object? Value(Cel cel) => cel switch
    {
        Cel.Literal l => l.Value,
        Cel.ListOf l => All(l.Items, items => items),
        Cel.Choice c => Value(c.If) switch { true => Value(c.Then), false => Value(c.Else), CelError e => e, _ => Values.Error("no condition") },
        Cel.Name or Cel.Member => Read(cel),
        Cel.Index i => All([i.Of, i.At], v => At(v[0], v[1])),
        Cel.Call c => Call(c),
        _ => throw new InvalidOperationException(cel.ToString()),
    };

    /// <summary>A condition: anything but true, errors included, is false.</summary>
    public bool Holds(Cel cel) => Value(cel) is true;

    private object? Read(Cel cel)
    {
        if (cel is Cel.Name n && locals.TryGetValue(n.Text, out var local)) return local;
        return cel.Path is { } path ? scope.Read(path) : Values.Error("no such member");
    }

    private object? Call(Cel.Call c)
    {
        switch (c.Function)
        {
            case "&&": return Either(c, false);
            case "||": return Either(c, true);
            case "has": return Value(c.Arguments[0]) switch { CelError { IsScope: true } e => e, null or CelError => false, _ => true };
            case "entries" when c.Target is Cel.Name { Text: "journey" }: return All(c.Arguments, v => v[0] is string s ? scope.Entries(s) : Values.Error("no stage"));
            case "all" or "exists" or "exists_one" or "filter" or "map" when c.Target is not null: return Macro(c);
        }
        if (c.Target is Cel.Name { Text: "math" }) return All(c.Arguments, v => Functions.Math(c.Function, v));
        return c.Target is null
            ? All(c.Arguments, v => Functions.Plain(c.Function, v))
            : All([c.Target, .. c.Arguments], v => Functions.Of(c.Function, v, scope.Zone));
    }

    /// <summary>Commutative over errors: the deciding value on either side decides.</summary>
    private object? Either(Cel.Call c, bool deciding)
    {
        var left = Value(c.Arguments[0]);
        if (left is bool l && l == deciding) return deciding;
        var right = Value(c.Arguments[1]);
        if (right is bool r && r == deciding) return deciding;
        if (left is bool && right is bool) return !deciding;
        return left as CelError ?? right as CelError ?? Values.Error("no bool");
    }

    private object? Macro(Cel.Call c)
    {
        var over = Value(c.Target!);
        if (over is CelError) return over;
        if (over is not List<object?> list || c.Arguments[0] is not Cel.Name variable) return Values.Error("no list");
        var seen = new List<object?>();
        foreach (var item in list)
        {
            locals[variable.Text] = item;
            seen.Add(Value(c.Arguments[1]));
        }
        locals.Remove(variable.Text);
        var error = seen.OfType<CelError>().FirstOrDefault();
        return c.Function switch
        {
            "all" => seen.Contains(false) ? false : (object?)error ?? true,
            "exists" => seen.Contains(true) ? true : (object?)error ?? false,
            "exists_one" => (object?)error ?? (seen.Count(x => x is true) == 1),
            "filter" => (object?)error ?? list.Where((_, i) => seen[i] is true).ToList(),
            _ => (object?)error ?? seen,
        };
    }

    private object? All(IReadOnlyList<Cel> parts, Func<List<object?>, object?> then)
    {
        var values = parts.Select(Value).ToList();
        return values.OfType<CelError>().FirstOrDefault() ?? then(values);
    }

    private static object? At(object? of, object? at) =>
        of is List<object?> list && at is long i && i >= 0 && i < list.Count ? list[(int)i] : Values.Error("no such index");
}
