using StreamInsight.Expressions.Library;
using StreamInsight.Expressions.Patterns;

namespace StreamInsight.Expressions.Nodes;

/// <summary><c>text.matches(pattern)</c> with RE2's syntax: whether the pattern occurs anywhere in the text, in time linear in its length.</summary>
internal sealed class MatchesNode : Node
{
    private static readonly Errors.NoOverload NoOverload = new("matches");

    private readonly Node _text;
    private readonly Node _pattern;
    private readonly Pattern? _known;

    private MatchesNode(Node text, Node pattern, Pattern? compiled)
    {
        _text = text;
        _pattern = pattern;
        _known = compiled;
    }

    public static Node Plan(PlannedCall call)
    {
        if (call.Constant(1) is not { Kind: ValueKind.String } pattern)
            return new MatchesNode(call.Arguments[0], call.Arguments[1], null);
        var compiled = Pattern.Compile(pattern.AsString, out var error);
        return compiled is null ? new ConstantNode(error) : new MatchesNode(call.Arguments[0], call.Arguments[1], compiled);
    }

    public override Value Evaluate(EvalContext context)
    {
        var text = _text.Evaluate(context);
        if (text.IsError)
            return text;
        var pattern = _pattern.Evaluate(context);
        if (pattern.IsError)
            return pattern;
        if (text.Kind != ValueKind.String || pattern.Kind != ValueKind.String)
            return NoOverload.Of(text.Kind, pattern.Kind);
        var compiled = _known;
        if (compiled is null)
        {
            if (!context.Spend(Pattern.CompileSteps))
                return Errors.TooCostly;
            compiled = Pattern.Compile(pattern.AsString, out var error);
            if (compiled is null)
                return error;
        }
        return compiled.IsMatch(context, text.AsString);
    }
}
