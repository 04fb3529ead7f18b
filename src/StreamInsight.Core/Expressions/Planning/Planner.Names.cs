using StreamInsight.Expressions.Library;
using StreamInsight.Expressions.Nodes;
using StreamInsight.Expressions.Syntax;

namespace StreamInsight.Expressions.Planning;

/// <summary>Names: macro variables, declared paths, types; what follows a resolved name is field selection.</summary>
internal sealed partial class Planner
{
    private readonly List<(string Name, int Slot, CelType Type)> _locals = [];
    private int _slots;

    private Planned PlanPath(SyntaxNode syntax)
    {
        if (Chain.Of(syntax) is { } chain)
            return PlanChain(chain, chain.Names.Count);
        var select = (SelectSyntax)syntax;
        return Select(select.Position, Plan(select.Operand), select.Field, testOnly: false);
    }

    private Planned PlanHas(HasSyntax has)
    {
        var select = has.Select;
        if (Chain.Of(select) is not { } chain)
            return Select(select.Position, Plan(select.Operand), select.Field, testOnly: true);
        if (Resolve(chain, out var used) is { } resolved && used == chain.Names.Count)
            return new Planned(new HasLeafNode(resolved.Node), CelType.Bool);
        return Select(select.Position, PlanChain(chain, chain.Names.Count - 1), select.Field, testOnly: true);
    }

    /// <summary>The first names of a chain: as many as resolve to one thing, and field selection for the rest.</summary>
    private Planned PlanChain(Chain chain, int count)
    {
        var first = Resolve(chain, out var used);
        if (first is not { } planned)
            return Unknown(chain.Positions[0], _scope.Explain(chain.Text));
        for (var i = used; i < count; i++)
            planned = Select(chain.Positions[i], planned, chain.Names[i], testOnly: false);
        return planned;
    }

    /// <summary>The longest start of the chain that means something; null if none does.</summary>
    private Planned? Resolve(Chain chain, out int used)
    {
        used = 1;
        if (!chain.IsRooted)
            for (var i = _locals.Count - 1; i >= 0; i--)
                if (_locals[i].Name == chain.Names[0])
                    return new Planned(new LocalNode(_locals[i].Slot), _locals[i].Type);
        for (used = chain.Names.Count; used > 0; used--)
        {
            var path = string.Join('.', chain.Names.Take(used));
            foreach (var candidate in _scope.Candidates(path, chain.IsRooted))
            {
                if (_scope.Name(candidate) is { } declared)
                {
                    _paths.Add(declared.Path);
                    _readsNow |= declared.Node is NowNode;
                    return new Planned(declared.Node, declared.Type);
                }
                if (StandardLibrary.TypeNames.Contains(candidate))
                    return Planned.Of(Value.Type(candidate), CelType.Type);
            }
        }
        return null;
    }

    private Planned Select(int position, Planned operand, string field, bool testOnly)
    {
        var type = operand.Type.WithoutNull;
        if (!type.IsOpen && (type.Kind != CelTypeKind.Map || !CelType.String.Fits(type.Key!)))
            TypeFault(position, $"{operand.Type} has no field '{field}'");
        var result = testOnly ? CelType.Bool : type.Kind == CelTypeKind.Map ? type.Inner! : CelType.Dyn;
        return Fold(position, new Planned(new SelectNode(operand.Node, field, testOnly), result), operand);
    }

    /// <summary>A dotted name as written: <c>features.calls_7d</c>.</summary>
    private sealed record Chain(List<string> Names, List<int> Positions, bool IsRooted)
    {
        public string Text => string.Join('.', Names);

        /// <summary>Null if the syntax is more than a dotted name.</summary>
        public static Chain? Of(SyntaxNode? syntax)
        {
            var names = new List<string>();
            var positions = new List<int>();
            while (syntax is SelectSyntax select)
            {
                names.Add(select.Field);
                positions.Add(select.Position);
                syntax = select.Operand;
            }
            if (syntax is not NameSyntax name)
                return null;
            names.Add(name.Name);
            positions.Add(name.Position);
            names.Reverse();
            positions.Reverse();
            return new Chain(names, positions, name.IsRooted);
        }
    }
}
