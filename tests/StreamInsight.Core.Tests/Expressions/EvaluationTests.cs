using StreamInsight.Expressions;
using Xunit;

namespace StreamInsight.Tests.Expressions;

/// <summary>What the conformance tests do not say: nulls, has(), our own functions, limits of cost.</summary>
public sealed class EvaluationTests
{
    private static readonly Value Missing = Value.Error("the event has no property reason");

    private static readonly Scope Model = new Scope("Europe/Berlin")
        .Declare("now", CelType.Timestamp, NowNode.Instance)
        .Declare("count", CelType.Int, new LeafNode(Value.Int(3)))
        .Declare("sum", CelType.Nullable(CelType.Double), new LeafNode(Value.Double(2.5)))
        .Declare("empty", CelType.Nullable(CelType.Double), new LeafNode(Value.Null))
        .Declare("traits.tier", CelType.Nullable(CelType.String), new LeafNode(Value.String("gold")))
        .Declare("traits.name", CelType.Nullable(CelType.String), new LeafNode(Value.Null))
        .Declare("event.properties.reason", CelType.String, new LeafNode(Missing))
        .Declare("event.properties.total", CelType.Double, new LeafNode(Value.Double(9.5)))
        .Declare("event.context", CelType.Dyn, new LeafNode(Context()))
        .Declare("since", CelType.Timestamp, new LeafNode(Value.TimestampMs(1_000)));

    [Theory]
    [InlineData("empty == null", true)]
    [InlineData("empty != null", false)]
    [InlineData("null == empty", true)]
    [InlineData("sum == null", false)]
    [InlineData("count == null", false)]
    [InlineData("empty == 1.0", false)]
    [InlineData("empty != 1.0", true)]
    [InlineData("traits.name == 'x'", false)]
    [InlineData("count == 3.0", true)]
    [InlineData("sum > 2", true)]
    [InlineData("empty > 1.0 || true", true)]
    [InlineData("true || empty > 1.0", true)]
    [InlineData("empty > 1.0 && false", false)]
    [InlineData("has(traits.tier)", true)]
    [InlineData("has(traits.name)", false)]
    [InlineData("has(event.properties.reason)", false)]
    [InlineData("has(event.properties.total)", true)]
    [InlineData("has(event.context.device)", true)]
    [InlineData("has(event.context.device.type)", true)]
    [InlineData("has(event.context.device.brand)", false)]
    [InlineData("event.context.device.type == 'ios'", true)]
    [InlineData("event.properties.reason == 'x' || count == 3", true)]
    [InlineData("clamp(5, 1, 3) == 3 && clamp(0, 1, 3) == 1 && clamp(2, 1, 3) == 2", true)]
    [InlineData("clamp(sum, 0.0, 1.0) == 1.0", true)]
    [InlineData("math.greatest(1, 5, 3) == 5 && math.least([2.5, 1.5]) == 1.5 && math.abs(-3) == 3", true)]
    [InlineData("math.round(1.5) == 2.0 && math.round(-1.5) == -2.0 && math.round(1.2) == 1.0", true)]
    [InlineData("duration('1h30m') == duration('90m')", true)]
    [InlineData("duration('1d') == duration('24h') && duration('1w') == duration('7d') && duration('1d12h') == duration('36h')", true)]
    [InlineData("duration('1.5s') == duration('1500ms') && duration('-1m') < duration('0')", true)]
    [InlineData("duration('1us') == duration('1000ns') && duration('0.5d') == duration('12h')", true)]
    [InlineData("string(duration('90m')) == '5400s' && string(duration('-1500ms')) == '-1.5s'", true)]
    [InlineData("string(1e21) == '1e+21' && string(1000000.0) == '1000000' && string(-0.5) == '-0.5' && string(1e-7) == '1e-7'", true)]
    [InlineData("string(timestamp('2026-01-01T01:02:03.450+01:00')) == '2026-01-01T00:02:03.45Z'", true)]
    [InlineData("timestamp('2026-07-01T22:30:00Z').getHours() == 0", true)] // The scope's zone.
    [InlineData("timestamp('2026-07-01T22:30:00Z').getHours('UTC') == 22", true)]
    [InlineData("'\\U0001F600' > '\\uFF01'", true)] // By code point, not by UTF-16 unit.
    [InlineData("size('a\\U0001F600') == 2", true)]
    [InlineData("{1: 'a'}[1.0] == 'a' && 1u in {1: 'a'}", true)]
    [InlineData("[1, 2, 3].exists(count, count == 2) && count == 3", true)]
    [InlineData("[[1, 2], [3]].all(xs, xs.exists(x, x > 0))", true)]
    [InlineData("cel.bind(x, count + 1, x * x) == 16", true)]
    public void Evaluates_to(string source, bool wanted) => Assert.Equal(Value.Bool(wanted), CelRunner.Evaluate(source, Model));

    [Theory]
    [InlineData("empty > 1.0")]
    [InlineData("empty + 1.0 > 0.0")]
    [InlineData("-empty > 0.0")]
    [InlineData("event.properties.reason == 'x'")]
    [InlineData("event.properties.reason != 'x'")]
    [InlineData("event.properties.reason == null")]
    [InlineData("event.context.os.name == 'x'")]
    [InlineData("clamp(1, 3, 2) == 1")]
    [InlineData("clamp(dyn(1), 0.0, 2.0) == 1.0")]
    [InlineData("clamp(empty, 0.0, 1.0) == 1.0")]
    [InlineData("duration('1.s') == duration('1s')  && duration('1x') == duration('1s')")]
    [InlineData("duration('') == duration('1s')")]
    [InlineData("duration('300y') == duration('1s')")]
    [InlineData("timestamp('2026-01-01') == since")]
    [InlineData("timestamp('2026-01-01T24:00:00Z') == since")]
    [InlineData("since.getHours('Nowhere/Land') == 1")]
    [InlineData("traits.name.contains('x')")]
    [InlineData("traits.name.size() > 0")]
    public void Ends_in_an_error(string source) => Assert.True(CelRunner.Evaluate(source, Model).IsError);

    [Fact]
    public void The_first_error_is_told() =>
        Assert.Equal(Missing.AsString, CelRunner.Evaluate("event.properties.reason == 'x' && 1 / 0 > count", Model).AsString);

    [Fact]
    public void What_a_deciding_operand_leaves_out_is_not_evaluated()
    {
        var leaf = new LeafNode(Value.True);
        var scope = new Scope().Declare("late", CelType.Bool, leaf).Declare("first", CelType.Bool, new LeafNode(Value.True));
        CelRunner.Evaluate("first || late", scope);
        CelRunner.Evaluate("!first && late", scope);
        CelRunner.Evaluate("first ? 1 : (late ? 2 : 3)", scope);
        Assert.Equal(0, leaf.Evaluations);
    }

    [Fact]
    public void Constants_are_folded_and_their_expression_is_evaluated_no_more()
    {
        var expression = CelRunner.Compile("duration('1h') + duration('30m') > duration('1h') && 'a' + 'b' in ['ab', 'c']");
        Assert.IsType<ConstantNode>(expression.Root);
    }

    [Fact]
    public void Variables_of_nested_evaluations_do_not_meet()
    {
        var inner = CelRunner.Compile("[10, 20].map(y, y + 1)[1]");
        var scope = new Scope().Declare("inner", CelType.Int, new NestedNode(inner));
        Assert.Equal(Value.Int(3 + 21 + 4), CelRunner.Evaluate("[[3, 4]].map(x, x[0] + inner + x[1])[0]", scope));
    }

    [Theory]
    [InlineData("count > 2 && sum >= 2.5 && has(traits.tier) && now - since > duration('1h')")]
    [InlineData("(sum * 2.0 + 1.0) / 3.0 - double(count) < 100.0 ? now + duration('1d') : since")]
    [InlineData("clamp(sum, 0.0, math.greatest(1.0, 2.0)) > 0.5 || count % 2 == 1 || empty > 1.0")]
    [InlineData("now.getHours() >= 9 && now.getDayOfWeek('America/New_York') != 0 && (now - since).getHours() > 3")]
    [InlineData("traits.tier == 'gold' && traits.tier.startsWith('go') && traits.tier.matches('^g[a-o]+') && traits.tier in ['gold', 'silver']")]
    [InlineData("[1, 2, 3].all(x, x > 0) && event.properties.reason == 'x'")]
    [InlineData("int(now) - int(since) > 3600 && size(traits.tier) == 4")]
    public void A_planned_expression_allocates_nothing(string source)
    {
        var expression = CelRunner.Compile(source, Model);
        var context = new EvalContext { Now = 1_767_225_600_000 };
        for (var warm = 0; warm < 100; warm++)
            expression.Evaluate(context);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            expression.Evaluate(context);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000, $"{GC.GetAllocatedBytesForCurrentThread() - before} bytes in 1000 evaluations");
    }

    [Fact]
    public void Steps_are_counted_per_evaluation()
    {
        var costly = CelRunner.Compile("[1, 2, 3, 4, 5, 6, 7, 8, 9].all(a, [1, 2, 3, 4, 5, 6, 7, 8, 9].all(b, [1, 2, 3, 4, 5, 6, 7, 8, 9].all(c, a + b + c > 0)))");
        var context = new EvalContext();
        for (var i = 0; i < 500; i++)
            Assert.True(costly.Evaluate(context).IsTrue);
    }

    private static Value Context()
    {
        Assert.True(CelMap.TryCreate([new(Value.String("type"), Value.String("ios"))], out var device, out _));
        Assert.True(CelMap.TryCreate([new(Value.String("device"), Value.Map(device))], out var context, out _));
        return Value.Map(context);
    }

    private sealed class NestedNode(Expression expression) : Node
    {
        public override Value Evaluate(EvalContext context) => expression.Evaluate(context);
    }
}
