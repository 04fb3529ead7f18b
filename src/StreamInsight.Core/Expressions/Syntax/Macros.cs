namespace StreamInsight.Expressions.Syntax;

/// <summary>Recognises CEL's macros among calls: by name, target, number of arguments.</summary>
internal static class Macros
{
    public static SyntaxNode Expand(Token name, SyntaxNode? target, SyntaxNode[] arguments)
    {
        if (target is null)
            return name.Text == "has" && arguments.Length == 1 ? Has(name, arguments[0]) : Call(name, target, arguments);
        if (target is NameSyntax { Name: "cel", IsRooted: false } && name.Text == "bind" && arguments.Length == 3)
            return Over(name, MacroKind.Bind, arguments[1], [arguments[0]], null, arguments[2]);
        return (name.Text, arguments.Length) switch
        {
            ("all", 2) => Over(name, MacroKind.All, target, arguments[..1], null, arguments[1]),
            ("all", 3) => Over(name, MacroKind.All, target, arguments[..2], null, arguments[2]),
            ("exists", 2) => Over(name, MacroKind.Exists, target, arguments[..1], null, arguments[1]),
            ("exists", 3) => Over(name, MacroKind.Exists, target, arguments[..2], null, arguments[2]),
            ("exists_one" or "existsOne", 2) => Over(name, MacroKind.ExistsOne, target, arguments[..1], null, arguments[1]),
            ("exists_one" or "existsOne", 3) => Over(name, MacroKind.ExistsOne, target, arguments[..2], null, arguments[2]),
            ("filter", 2) => Over(name, MacroKind.Filter, target, arguments[..1], null, arguments[1]),
            ("map", 2) => Over(name, MacroKind.Map, target, arguments[..1], null, arguments[1]),
            ("map", 3) => Over(name, MacroKind.Map, target, arguments[..1], arguments[1], arguments[2]),
            ("transformList", 3) => Over(name, MacroKind.TransformList, target, arguments[..2], null, arguments[2]),
            ("transformList", 4) => Over(name, MacroKind.TransformList, target, arguments[..2], arguments[2], arguments[3]),
            ("transformMap", 3) => Over(name, MacroKind.TransformMap, target, arguments[..2], null, arguments[2]),
            ("transformMap", 4) => Over(name, MacroKind.TransformMap, target, arguments[..2], arguments[2], arguments[3]),
            _ => Call(name, target, arguments),
        };
    }

    private static SyntaxNode Call(Token name, SyntaxNode? target, SyntaxNode[] arguments) =>
        Checked(new CallSyntax(name.Position, target, name.Text, arguments));

    private static SyntaxNode Has(Token name, SyntaxNode argument) =>
        argument is SelectSyntax select
            ? Checked(new HasSyntax(name.Position, select))
            : throw new SyntaxException(argument.Position, "has() takes a field, as in has(traits.tier)");

    private static SyntaxNode Over(Token name, MacroKind kind, SyntaxNode range, SyntaxNode[] variables, SyntaxNode? filter, SyntaxNode body)
    {
        foreach (var variable in variables)
            if (variable is not NameSyntax { IsRooted: false })
                throw new SyntaxException(variable.Position, $"{name.Text}() binds a plain name here, as in {name.Text}(x, …)");
        var first = ((NameSyntax)variables[0]).Name;
        var second = variables.Length > 1 ? ((NameSyntax)variables[1]).Name : null;
        if (first == second)
            throw new SyntaxException(variables[1].Position, $"{name.Text}() binds '{first}' twice");
        return Checked(new MacroSyntax(name.Position, kind, range, first, second, filter, body));
    }

    private static SyntaxNode Checked(SyntaxNode node) =>
        node.Height <= Parser.MaxDepth ? node : throw new SyntaxException(node.Position, $"nested deeper than {Parser.MaxDepth} levels");
}
