using StreamInsight.Expressions.Nodes;
using StreamInsight.Expressions.Syntax;

namespace StreamInsight.Expressions.Planning;

/// <summary>
/// Walks the parsed text once, from the leaves up: resolves names, checks types, folds constants, builds nodes. Goes on after a fault, so that all are found.
/// Unchecked, only names and calls that mean nothing are errors, and they are errors of evaluation.
/// </summary>
internal sealed partial class Planner
{
    private readonly string _source;
    private readonly Scope _scope;
    private readonly bool _isChecked;
    private readonly List<ExpressionFault> _faults;
    private readonly List<ExpressionFault> _warnings = [];
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);
    private readonly EvalContext _folding = new();
    private bool _readsNow;
    private int _planned;

    private Planner(string source, Scope scope, bool isChecked, List<ExpressionFault> faults)
    {
        _source = source;
        _scope = scope;
        _isChecked = isChecked;
        _faults = faults;
    }

    public static Expression? Compile(string source, Scope scope, CelType? expected, bool isChecked, List<ExpressionFault> faults)
    {
        var before = faults.Count;
        if (Parser.Parse(source, faults) is not { } tree)
            return null;
        var planner = new Planner(source, scope, isChecked, faults);
        var root = planner.Plan(tree);
        if (expected is not null && !root.Type.Fits(expected))
            planner.TypeFault(tree.Position, $"{expected} is wanted here, this is {root.Type}");
        return faults.Count > before
            ? null
            : new Expression(source, root.Node, root.Type, planner._slots, planner._paths, planner._readsNow, planner._warnings);
    }

    private Planned Plan(SyntaxNode syntax)
    {
        _planned++;
        return syntax switch
        {
            LiteralSyntax literal => Planned.Of(literal.Value, TypeOf(literal.Value)),
            NameSyntax or SelectSyntax => PlanPath(syntax),
            HasSyntax has => PlanHas(has),
            IndexSyntax index => PlanIndex(index),
            UnarySyntax unary => PlanUnary(unary),
            BinarySyntax binary => PlanBinary(binary),
            LogicSyntax logic => PlanLogic(logic),
            ConditionalSyntax conditional => PlanConditional(conditional),
            CallSyntax call => PlanCall(call),
            ListSyntax list => PlanList(list),
            MapSyntax map => PlanMap(map),
            MacroSyntax macro => PlanMacro(macro),
            MessageSyntax message => PlanMessage(message),
            _ => throw new InvalidOperationException($"unplanned syntax {syntax.GetType().Name}"),
        };
    }

    private Planned[] PlanAll(SyntaxNode[] syntax) => Array.ConvertAll(syntax, Plan);

    private Planned PlanList(ListSyntax list)
    {
        var elements = PlanAll(list.Elements);
        var type = CelType.Unknown;
        foreach (var element in elements)
            type = CelType.Join(type, element.Type);
        return Fold(list.Position, new Planned(new ListNode(Nodes(elements)), CelType.List(type)), elements);
    }

    private Planned PlanMap(MapSyntax map)
    {
        var keys = PlanAll(map.Keys);
        var values = PlanAll(map.Values);
        var keyType = CelType.Unknown;
        var valueType = CelType.Unknown;
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i].Type is { IsOpen: false, WithoutNull.Kind: not (CelTypeKind.Bool or CelTypeKind.Int or CelTypeKind.Uint or CelTypeKind.String) })
                TypeFault(map.Keys[i].Position, $"a map key is a bool, int, uint or string, this is {keys[i].Type}");
            keyType = CelType.Join(keyType, keys[i].Type);
            valueType = CelType.Join(valueType, values[i].Type);
        }
        return Fold(map.Position, new Planned(new MapNode(Nodes(keys), Nodes(values)), CelType.Map(keyType, valueType)), [.. keys, .. values]);
    }

    /// <summary>Evaluates now what will always evaluate to the same.</summary>
    private Planned Fold(int position, Planned planned, params ReadOnlySpan<Planned> operands)
    {
        foreach (var operand in operands)
            if (operand.Node is not ConstantNode)
                return Foreseen(position, planned);
        var outer = _folding.Enter(0);
        var value = planned.Node.Evaluate(_folding);
        _folding.Leave(0, outer);
        foreach (var operand in operands)
            if (operand.Constant is { IsError: true })
                return new Planned(new ConstantNode(value), planned.Type);
        return Foreseen(position, new Planned(new ConstantNode(value), planned.Type));
    }

    /// <summary>Warns where a part can only end in an error.</summary>
    private Planned Foreseen(int position, Planned planned)
    {
        if (planned.Constant is { IsError: true } error)
            _warnings.Add(SourceText.Fault(_source, position, $"always an error: {error.AsString}"));
        return planned;
    }

    /// <summary>A fault only a checked expression has; unchecked, evaluation will tell.</summary>
    private void TypeFault(int position, string message)
    {
        if (_isChecked)
            _faults.Add(SourceText.Fault(_source, position, message));
    }

    /// <summary>A name or call that means nothing: a fault if checked, otherwise an error of evaluation.</summary>
    private Planned Unknown(int position, string message)
    {
        TypeFault(position, message);
        return Planned.Of(Value.Error(message), CelType.Dyn);
    }

    private static Node[] Nodes(Planned[] planned) => Array.ConvertAll(planned, p => p.Node);

    private static CelType TypeOf(in Value value) => value.Kind switch
    {
        ValueKind.Bool => CelType.Bool,
        ValueKind.Int => CelType.Int,
        ValueKind.Uint => CelType.Uint,
        ValueKind.Double => CelType.Double,
        ValueKind.String => CelType.String,
        ValueKind.Bytes => CelType.Bytes,
        _ => CelType.Null,
    };
}
