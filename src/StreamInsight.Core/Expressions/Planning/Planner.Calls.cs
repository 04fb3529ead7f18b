using StreamInsight.Expressions.Library;
using StreamInsight.Expressions.Syntax;

namespace StreamInsight.Expressions.Planning;

/// <summary>Calls: declared functions first, then the library; a dotted name before a method of a value.</summary>
internal sealed partial class Planner
{
    private Planned PlanCall(CallSyntax call)
    {
        if (call.Target is null)
            return PlanNamed(call, call.Function, isRooted: false) ?? UnknownFunction(call, call.Function);
        if (Chain.Of(call.Target) is { } chain && !(IsLocal(chain.Names[0]) && !chain.IsRooted))
        {
            var name = $"{chain.Text}.{call.Function}";
            if (PlanNamed(call, name, chain.IsRooted) is { } planned)
                return planned;
            if (Resolve(chain, out _) is null)
                return UnknownFunction(call, name);
        }
        var arguments = (Planned[])[Plan(call.Target), .. PlanAll(call.Arguments)];
        return StandardLibrary.Find(call.Function, true, arguments.Length) is { } shape
            ? PlanShape(call, shape, arguments)
            : UnknownFunction(call, call.Function);
    }

    private bool IsLocal(string name) => _locals.Exists(local => local.Name == name);

    /// <summary>A call of a plain or dotted name; null if there is no such function for this number of arguments.</summary>
    private Planned? PlanNamed(CallSyntax call, string name, bool isRooted)
    {
        foreach (var candidate in _scope.Candidates(name, isRooted))
            if (_scope.Function(candidate) is { } declared)
                return PlanDeclared(call, declared);
        return StandardLibrary.Find(name, false, call.Arguments.Length) is { } shape && call.Arguments.Length > 0
            ? PlanShape(call, shape, PlanAll(call.Arguments))
            : null;
    }

    private Planned PlanShape(CallSyntax call, CallShape shape, Planned[] arguments)
    {
        var types = Array.ConvertAll(arguments, a => a.Type);
        var type = shape.Type(types);
        if (type is null)
            TypeFault(call.Position, $"{call.Function}() does not take ({string.Join(", ", types.Select(t => t.ToString()))}){Taken(shape)}");
        var node = shape.Plan(new PlannedCall(Nodes(arguments), types, _scope.Zone));
        return Fold(call.Position, new Planned(node, type ?? CelType.Dyn), arguments);
    }

    private Planned PlanDeclared(CallSyntax call, Scope.DeclaredFunction function)
    {
        var arguments = PlanAll(call.Arguments);
        if (arguments.Length != function.Parameters.Length)
            return Unknown(call.Position, $"{function.Name}() takes {function.Parameters.Length} argument(s), not {arguments.Length}");
        for (var i = 0; i < arguments.Length; i++)
            if (!arguments[i].Type.Fits(function.Parameters[i]))
                TypeFault(call.Arguments[i].Position, $"{function.Name}() takes {function.Parameters[i]} here, this is {arguments[i].Type}");
        _paths.Add(function.Name);
        var node = function.Plan(Nodes(arguments), Array.ConvertAll(arguments, a => a.Constant), out var fault);
        return node is null ? Unknown(call.Position, fault ?? $"{function.Name}() cannot be called like this") : new Planned(node, function.Result);
    }

    private Planned UnknownFunction(CallSyntax call, string name)
    {
        PlanAll(call.Arguments);
        var named = StandardLibrary.Named(call.Function).Concat(StandardLibrary.Named(name)).ToList();
        return Unknown(call.Position, named.Count > 0 ? $"{call.Function}() is not called like this{Taken([.. named])}" : _scope.ExplainFunction(name));
    }

    private static string Taken(params ReadOnlySpan<CallShape> shapes)
    {
        var forms = new List<string>();
        foreach (var shape in shapes)
            foreach (var typing in shape.Typings)
                forms.Add(shape.IsMember
                    ? $"{typing.Parameters[0]}.{shape.Name}({string.Join(", ", typing.Parameters.Skip(1).Select(p => p.ToString()))})"
                    : $"{shape.Name}({string.Join(", ", typing.Parameters.Select(p => p.ToString()))})");
        return forms.Count == 0 ? "" : $"; it is {string.Join(" or ", forms.Distinct())}";
    }
}
