namespace StreamInsight.Expressions.Library;

/// <summary>The argument types a call accepts and the type it then has.</summary>
internal readonly record struct Typing(CelType[] Parameters, CelType Result);

/// <summary>One call to be planned: its arguments (a target first), their types, and the zone of the scope.</summary>
internal readonly record struct PlannedCall(Node[] Arguments, CelType[] Types, string Zone)
{
    /// <summary>The argument's value if it is known at load.</summary>
    public Value? Constant(int argument) => Arguments[argument] is ConstantNode constant ? constant.Value : null;
}

/// <summary>
/// A function of the library by name, style (<c>x.f(y)</c> or <c>f(x, y)</c>) and number of arguments, the target counted. Overloads share it: which one
/// applies is judged by the values' kinds at evaluation, so an unchecked expression behaves like a checked one.
/// </summary>
internal sealed class CallShape(string name, bool isMember, int arity, Func<PlannedCall, Node> plan)
{
    private readonly List<Typing> _typings = [];

    public string Name { get; } = name;

    public bool IsMember { get; } = isMember;

    /// <summary>-1 = any number from 1.</summary>
    public int Arity { get; } = arity;

    public Func<PlannedCall, Node> Plan { get; } = plan;

    /// <summary>Empty = any argument, result dyn.</summary>
    public IReadOnlyList<Typing> Typings => _typings;

    /// <summary>Overrides the result of the typings where it depends on the arguments; null = no overload.</summary>
    public Func<CelType[], CelType?>? ResultOf { get; init; }

    public CallShape With(CelType result, params CelType[] parameters)
    {
        _typings.Add(new Typing(parameters, result));
        return this;
    }

    /// <summary>The type of the call, or null if no overload takes these arguments.</summary>
    public CelType? Type(CelType[] arguments)
    {
        if (ResultOf is not null)
            return ResultOf(arguments);
        if (_typings.Count == 0)
            return CelType.Dyn;
        CelType? result = null;
        foreach (var typing in _typings)
            if (Accepts(typing.Parameters, arguments))
                result = result is null || result.Equals(typing.Result) ? typing.Result : CelType.Dyn;
        return result;
    }

    private static bool Accepts(CelType[] parameters, CelType[] arguments)
    {
        for (var i = 0; i < parameters.Length; i++)
            if (!arguments[i].Fits(parameters[i]))
                return false;
        return true;
    }
}
