using System.Text.RegularExpressions;
using StreamInsight.Expressions.Library;

namespace StreamInsight.Expressions.Nodes;

/// <summary><c>text.matches(pattern)</c> with RE2's syntax: whether the pattern occurs anywhere in the text, in time linear in its length.</summary>
internal sealed class MatchesNode : Node
{
    private static readonly Errors.NoOverload NoOverload = new("matches");

    private readonly Node _text;
    private readonly Node _pattern;
    private readonly Regex? _regex;

    private MatchesNode(Node text, Node pattern, Regex? regex)
    {
        _text = text;
        _pattern = pattern;
        _regex = regex;
    }

    public static Node Plan(PlannedCall call)
    {
        if (call.Constant(1) is not { Kind: ValueKind.String } pattern)
            return new MatchesNode(call.Arguments[0], call.Arguments[1], null);
        var regex = Patterns.Compile(pattern.AsString, out var error);
        return regex is null ? new ConstantNode(error) : new MatchesNode(call.Arguments[0], call.Arguments[1], regex);
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
        var regex = _regex;
        if (regex is null)
        {
            if (!context.Spend(Patterns.CompileSteps))
                return Errors.TooCostly;
            regex = Patterns.Compile(pattern.AsString, out var error);
            if (regex is null)
                return error;
        }
        return context.Spend(1 + (text.AsString.Length / 4)) ? Value.Bool(regex.IsMatch(text.AsString)) : Errors.TooCostly;
    }
}
