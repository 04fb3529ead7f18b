using StreamInsight.Expressions.Nodes;
using StreamInsight.Expressions.Syntax;

namespace StreamInsight.Expressions.Planning;

/// <summary>Macros that bind variables.</summary>
internal sealed partial class Planner
{
    private Planned PlanMacro(MacroSyntax macro)
    {
        var range = Plan(macro.Range);
        if (macro.Kind == MacroKind.Bind)
        {
            var bound = Push(macro.First, range.Type);
            var inner = Plan(macro.Body);
            Pop(1);
            return new Planned(new BindNode(bound, range.Node, inner.Node), inner.Type);
        }
        var before = _planned;
        var (firstType, secondType) = VariableTypes(macro, range.Type);
        var first = Push(macro.First, firstType);
        var second = macro.Second is null ? -1 : Push(macro.Second, secondType);
        var filter = macro.Filter is null ? default(Planned?) : Plan(macro.Filter);
        var body = Plan(macro.Body);
        Pop(macro.Second is null ? 1 : 2);
        var weight = _planned - before + 1;
        if (macro.Kind == MacroKind.Filter)
            (filter, body) = (body, default);
        if (filter is { } condition)
            WantBool((macro.Filter ?? macro.Body).Position, condition, macro.Kind.ToString().ToLowerInvariant());
        switch (macro.Kind)
        {
            case MacroKind.All or MacroKind.Exists or MacroKind.ExistsOne:
                WantBool(macro.Body.Position, body, macro.Kind.ToString().ToLowerInvariant());
                return new Planned(new QuantifierNode(macro.Kind, range.Node, first, second, body.Node, weight), CelType.Bool);
            case MacroKind.TransformMap:
                var key = range.Type.WithoutNull.Kind == CelTypeKind.List ? CelType.Int : range.Type.WithoutNull.Key ?? CelType.Dyn;
                return new Planned(new TransformMapNode(range.Node, first, second, filter?.Node, body.Node, weight), CelType.Map(key, body.Type));
            case MacroKind.Filter:
                return new Planned(new CollectNode(range.Node, first, second, filter?.Node, null, weight), CelType.List(firstType));
            default:
                return new Planned(new CollectNode(range.Node, first, second, filter?.Node, body.Node, weight), CelType.List(body.Type));
        }
    }

    private (CelType First, CelType Second) VariableTypes(MacroSyntax macro, CelType rangeType)
    {
        var type = rangeType.WithoutNull;
        switch (type.Kind)
        {
            case CelTypeKind.List:
                return macro.Second is null ? (type.Inner!, CelType.Dyn) : (CelType.Int, type.Inner!);
            case CelTypeKind.Map:
                return (type.Key!, type.Inner!);
            default:
                if (!type.IsOpen)
                    TypeFault(macro.Position, $"a macro runs over a list or a map, this is {rangeType}");
                return (CelType.Dyn, CelType.Dyn);
        }
    }

    private int Push(string name, CelType type)
    {
        var slot = _locals.Count;
        _locals.Add((name, slot, type));
        _slots = Math.Max(_slots, _locals.Count);
        return slot;
    }

    private void Pop(int count) => _locals.RemoveRange(_locals.Count - count, count);

    private Planned PlanMessage(MessageSyntax message)
    {
        var contents = PlanAll(message.Values);
        foreach (var name in _scope.Candidates(message.TypeName, isRooted: false))
            if (MessageNode.Plan(name, message.Fields, Nodes(contents)) is var (node, type))
                return Fold(message.Position, new Planned(node, type), contents);
        return Unknown(message.Position, $"messages such as {message.TypeName}{{…}} are not supported");
    }
}
