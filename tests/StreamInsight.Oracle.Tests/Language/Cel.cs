namespace StreamInsight.Oracle.Language;

/// <summary>A parsed expression. The oracle walks this tree anew at every evaluation; nothing is planned.</summary>
public abstract record Cel
{
    public sealed record Literal(object? Value) : Cel;

    public sealed record Name(string Text) : Cel
    {
        public override string[] Path { get; } = [Text];
    }

    public sealed record Member(Cel Of, string Field) : Cel
    {
        public override string[]? Path { get; } = Of.Path is { } path ? [.. path, Field] : null;
    }

    public sealed record Index(Cel Of, Cel At) : Cel;

    /// <summary>A call; <paramref name="Target"/> is null for a plain function. Operators are calls named by their sign.</summary>
    public sealed record Call(string Function, Cel? Target, IReadOnlyList<Cel> Arguments) : Cel;

    public sealed record ListOf(IReadOnlyList<Cel> Items) : Cel;

    public sealed record Choice(Cel If, Cel Then, Cel Else) : Cel;

    /// <summary>The names of a dotted path such as <c>features.calls_7d</c>; null for anything else.</summary>
    public virtual string[]? Path => null;

    /// <summary>Every node of the tree, this one first.</summary>
    public IEnumerable<Cel> All()
    {
        IEnumerable<Cel> parts = this switch
        {
            Member m => [m.Of],
            Index i => [i.Of, i.At],
            Call { Target: { } target } c => [target, .. c.Arguments],
            Call c => c.Arguments,
            ListOf l => l.Items,
            Choice c => [c.If, c.Then, c.Else],
            _ => [],
        };
        return parts.SelectMany(p => p.All()).Prepend(this);
    }
}
