using StreamInsight.Expressions;
using Xunit;

namespace StreamInsight.Tests.Expressions;

/// <summary>What is wrong with an expression is told with its place and what would be right.</summary>
public sealed class FaultTests
{
    private static readonly Scope Model = new Scope("Europe/Berlin")
        .Declare("now", CelType.Timestamp, NowNode.Instance)
        .Declare("features.calls_7d", CelType.Int, new LeafNode(Value.Int(3)))
        .Declare("features.spend_90d", CelType.Nullable(CelType.Double), new LeafNode(Value.Null))
        .Declare("traits.tier", CelType.Nullable(CelType.String), new LeafNode(Value.Null))
        .Declare("event.context", CelType.Dyn, new LeafNode(default))
        .DeclareFunction("journey.entries", [CelType.String], CelType.Int, PlanEntries)
        .Forbid("scores", "scores may be read by actions and routing only");

    [Theory]
    [InlineData("features.cals_7d > 1", 1, 1, "unknown name 'features.cals_7d'; did you mean features.calls_7d?")]
    [InlineData("1 > 0 &&\n  features.nothing_like_it", 2, 3, "unknown name 'features.nothing_like_it'; known here: features.calls_7d, features.spend_90d")]
    [InlineData("nonsense", 1, 1, "unknown name 'nonsense'; known here: event.*, features.*, now, traits.*")]
    [InlineData("scores.churn > 0.5", 1, 1, "scores may be read by actions and routing only")]
    [InlineData("features.calls_7d + 1.5", 1, 19, "'+' does not take int and double; number types are not mixed: write 1.0, or convert with double(x)")]
    [InlineData("features.calls_7d > 'many'", 1, 19, "'>' does not take int and string")]
    [InlineData("features.calls_7d == 'many'", 1, 19, "'==' does not take int and string")]
    [InlineData("traits.tier && true", 1, 8, "'&&' takes conditions, this is string or null")]
    [InlineData("features.calls_7d ? 1 : 2", 1, 10, "'? :' takes conditions, this is int")]
    [InlineData("true ? 1 : 'a'", 1, 6, "both results of '? :' must have one type, these are int and string")]
    [InlineData("features.calls_7d.first", 1, 19, "int has no field 'first'")]
    [InlineData("features.calls_7d[0]", 1, 18, "only lists and maps have an index, this is int")]
    [InlineData("[1, 2]['a']", 1, 8, "the index of list(int) is int, this is string")]
    [InlineData("size(1)", 1, 1, "size() does not take (int); it is size(string) or size(bytes) or size(list(dyn)) or size(map(dyn, dyn))")]
    [InlineData("traits.tier.contains(1)", 1, 13, "contains() does not take (string or null, int); it is string.contains(string)")]
    [InlineData("traits.tier.startWith('a')", 1, 13, "unknown function 'startWith'; did you mean startsWith?")]
    [InlineData("contains('a', 'b')", 1, 1, "contains() is not called like this; it is string.contains(string)")]
    [InlineData("journey.entries('nowhere') > 1", 1, 9, "no stage 'nowhere'; stages: awareness")]
    [InlineData("journey.entries() > 1", 1, 9, "journey.entries() takes 1 argument(s), not 0")]
    [InlineData("journey.entries(1) > 1", 1, 17, "journey.entries() takes string here, this is int")]
    [InlineData("features.calls_7d.all(x, x)", 1, 19, "a macro runs over a list or a map, this is int")]
    [InlineData("[1].all(x, x)", 1, 12, "'all' takes conditions, this is int")]
    [InlineData("[1].all(x + 1, true)", 1, 11, "all() binds a plain name here, as in all(x, …)")]
    [InlineData("has(features)", 1, 5, "has() takes a field, as in has(traits.tier)")]
    [InlineData("{1.5: 2}", 1, 2, "a map key is a bool, int, uint or string, this is double")]
    [InlineData("-traits.tier", 1, 1, "'-' takes an int or a double, this is string or null")]
    [InlineData("1 +", 1, 4, "a value was expected, here is the end of the text")]
    [InlineData("(1 + 2", 1, 7, "')' was expected, here is the end of the text")]
    [InlineData("1 2", 1, 3, "an operator or the end was expected, here is '2'")]
    [InlineData("a = b", 1, 3, "'=' is no operator; equality is '=='")]
    [InlineData("a & b", 1, 3, "'&' is no operator; 'and' is '&&'")]
    [InlineData("'abc", 1, 1, "a string has no end")]
    [InlineData("'a\nb'", 1, 1, "a string has no end on its line; write \\n, or use three quotes")]
    [InlineData(@"'\d'", 1, 2, @"unknown escape '\d'; a backslash itself is \\, or use a raw string r'…'")]
    [InlineData("'😀' + é", 1, 7, "unexpected character 'é'")]
    [InlineData("if", 1, 1, "'if' is a reserved word")]
    [InlineData("9223372036854775808", 1, 1, "a whole number does not fit an int; a uint ends in u")]
    [InlineData("", 1, 1, "a value was expected, here is the end of the text")]
    public void A_fault_has_its_place_and_says_what_is_allowed(string source, int line, int column, string message) =>
        Assert.Equal(new ExpressionFault(line, column, message), Assert.Single(CelRunner.Faults(source, Model)));

    [Fact]
    public void All_faults_of_a_text_are_found_at_once() =>
        Assert.Equal([1, 17, 27, 43], CelRunner.Faults("features.x && 1 +  'a' && features.y > (0 + now)", Model).Select(f => f.Column));

    [Fact]
    public void The_type_wanted_by_the_place_is_checked()
    {
        Assert.Equal("bool is wanted here, this is int", Assert.Single(CelRunner.Faults("features.calls_7d", Model, CelType.Bool)).Message);
        Assert.Empty(CelRunner.Faults("event.context.device.ok", Model, CelType.Bool));
        Assert.Empty(CelRunner.Faults("features.spend_90d", Model, CelType.Double));
    }

    [Theory]
    [InlineData("1 / 0 > 1", 3, "always an error: division by zero")]
    [InlineData("duration('soon') > duration('1d')", 1, "always an error: a duration is written like 1h30m, 2d or 500ms")]
    [InlineData("features.calls_7d > 1 || timestamp('2026-02-30T00:00:00Z') == now", 26, "always an error: a timestamp is written like 2026-01-31T09:30:00Z")]
    [InlineData("[1][2] == 1", 4, "always an error: index out of range")]
    public void What_can_only_end_in_an_error_is_foreseen(string source, int column, string message) =>
        Assert.Contains(new ExpressionFault(1, column, message), CelRunner.Compile(source, Model).Warnings);

    [Fact]
    public void An_expression_knows_what_it_reads()
    {
        var expression = CelRunner.Compile("features.calls_7d > 1 && has(traits.tier) && now > timestamp(0) && journey.entries('awareness') > 0 && features.calls_7d < 9", Model);
        Assert.Equal(["features.calls_7d", "journey.entries", "now", "traits.tier"], expression.Paths.Order());
        Assert.True(expression.ReadsNow);
        Assert.Equal(CelType.Bool, expression.Type);
        Assert.False(CelRunner.Compile("1 + 1", Model).ReadsNow);
    }

    [Fact]
    public void An_unknown_zone_is_no_scope()
    {
        Assert.False(Scope.IsZone("Mars/Olympus"));
        Assert.True(Scope.IsZone("Asia/Kathmandu"));
        Assert.Throws<ArgumentException>(() => new Scope("Mars/Olympus"));
    }

    private static Node? PlanEntries(IReadOnlyList<Node> arguments, IReadOnlyList<Value?> constants, out string? fault)
    {
        fault = constants[0] is { Kind: ValueKind.String } name && name.AsString != "awareness" ? $"no stage '{name.AsString}'; stages: awareness" : null;
        return fault is null ? new LeafNode(Value.Int(1)) : null;
    }
}
