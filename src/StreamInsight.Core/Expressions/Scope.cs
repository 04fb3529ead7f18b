using StreamInsight.Expressions.Planning;

namespace StreamInsight.Expressions;

/// <summary>
/// What names mean in one place of the model. Built once at load, then only read; expressions compiled against it share its nodes.
/// The standard library is always in scope; <c>now</c> only where declared (<see cref="NowNode"/>).
/// </summary>
/// <param name="zone">Calendar functions without a zone argument use it: a tz database name or an offset like <c>+02:00</c>.</param>
public sealed class Scope(string zone = "UTC")
{
    private readonly Dictionary<string, DeclaredName> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DeclaredFunction> _functions = new(StringComparer.Ordinal);
    private readonly List<(string Prefix, string Why)> _forbidden = [];

    public string Zone { get; } = Library.Zone.Find(zone) is null ? throw new ArgumentException($"unknown time zone '{zone}'", nameof(zone)) : zone;

    /// <summary>CEL's container: a bare name is first looked up below it, then below its parents. Empty = none.</summary>
    internal string Container { get; init; } = "";

    /// <summary>Whether calendar functions know this zone: a tz database name, or an offset like <c>+02:00</c>.</summary>
    public static bool IsZone(string name) => Library.Zone.Find(name) is not null;

    /// <summary>Gives a dotted path its type and the node that reads it. The longest declared path wins; what follows is field selection.</summary>
    public Scope Declare(string path, CelType type, Node node)
    {
        _names.Add(path, new DeclaredName(path, type, node));
        return this;
    }

    /// <summary>Adds a function, dotted or plain: <c>journey.entries('stage')</c>. One of a name.</summary>
    public Scope DeclareFunction(string name, CelType[] parameters, CelType result, FunctionPlan plan)
    {
        _functions.Add(name, new DeclaredFunction(name, parameters, result, plan));
        return this;
    }

    /// <summary>Refuses every name that is or starts with this path and is not declared, with this reason.</summary>
    public Scope Forbid(string prefix, string why)
    {
        _forbidden.Add((prefix, why));
        return this;
    }

    internal DeclaredName? Name(string path) => _names.GetValueOrDefault(path);

    internal DeclaredFunction? Function(string name) => _functions.GetValueOrDefault(name);

    /// <summary>What a name as written may stand for, best first.</summary>
    internal IEnumerable<string> Candidates(string name, bool isRooted)
    {
        for (var container = isRooted ? "" : Container; container.Length > 0; container = container[..Math.Max(container.LastIndexOf('.'), 0)])
            yield return $"{container}.{name}";
        yield return name;
    }

    /// <summary>Why a name means nothing here, and what would.</summary>
    internal string Explain(string path)
    {
        foreach (var (prefix, why) in _forbidden)
            if (path == prefix || path.StartsWith(prefix + ".", StringComparison.Ordinal))
                return why;
        return $"unknown name '{path}'{Suggestions.For(path, _names.Keys)}";
    }

    internal string ExplainFunction(string name)
    {
        foreach (var (prefix, why) in _forbidden)
            if (name.StartsWith(prefix + ".", StringComparison.Ordinal))
                return why;
        return $"unknown function '{name}'{Suggestions.For(name, [.. _functions.Keys, .. Library.StandardLibrary.Names])}";
    }

    internal sealed record DeclaredName(string Path, CelType Type, Node Node);

    internal sealed record DeclaredFunction(string Name, CelType[] Parameters, CelType Result, FunctionPlan Plan);
}
