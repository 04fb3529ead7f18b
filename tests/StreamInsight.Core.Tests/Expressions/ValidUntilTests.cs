using StreamInsight.Expressions;
using Xunit;

namespace StreamInsight.Tests.Expressions;

/// <summary>An evaluation tells the first millisecond at which its value could differ.</summary>
public sealed class ValidUntilTests
{
    private const long Now = 1_767_225_600_000; // 2026-01-01T00:00:00Z
    private const long Never = long.MaxValue;

    [Theory]
    [InlineData("now - x > duration('1h')", -1_000, Now - 1_000 + 3_600_001)]
    [InlineData("now - x >= duration('1h')", -1_000, Now - 1_000 + 3_600_000)]
    [InlineData("now - x < duration('1h')", -1_000, Now - 1_000 + 3_600_000)]
    [InlineData("now - x <= duration('1h')", -1_000, Now - 1_000 + 3_600_001)]
    [InlineData("duration('1h') < now - x", -1_000, Now - 1_000 + 3_600_001)]
    [InlineData("now - x == duration('1h')", -1_000, Now - 1_000 + 3_600_000)]
    [InlineData("now - x == duration('1h')", -3_600_000, Now + 1)]
    [InlineData("now - x != duration('1h')", -1_000, Now - 1_000 + 3_600_000)]
    [InlineData("now - x > duration('1h')", -7_200_000, Never)]
    [InlineData("now - x <= duration('1h')", -7_200_000, Never)]
    [InlineData("now - x > duration('1h') + duration('1ns')", -1_000, Now - 1_000 + 3_600_001)]
    [InlineData("now - x >= duration('1h') + duration('1ns')", -1_000, Now - 1_000 + 3_600_001)]
    [InlineData("x - now > duration('1h')", 7_200_000, Now + 3_600_000)]
    [InlineData("x - now >= duration('1h')", 7_200_000, Now + 3_600_001)]
    [InlineData("now > x", 5_000, Now + 5_001)]
    [InlineData("now >= x", 5_000, Now + 5_000)]
    [InlineData("x > now", 5_000, Now + 5_000)]
    [InlineData("now == x", 0, Now + 1)]
    [InlineData("now + duration('1m') > x", 120_000, Now + 60_001)]
    [InlineData("duration('1m') + now > x", 120_000, Now + 60_001)]
    [InlineData("now - duration('1m') > x", 0, Now + 60_001)]
    [InlineData("now > x + duration('1m')", 0, Now + 60_001)]
    [InlineData("(now - x) + (now - x) > duration('10s')", 0, Now + 5_001)]
    [InlineData("now - x > now - x", 0, Never)]
    [InlineData("now - now == duration('0s')", 0, Never)]
    [InlineData("(x > y ? now - x : now - y) > duration('10s')", 1_000, Now + 11_001)]
    [InlineData("!(now - x > duration('1h'))", 0, Now + 3_600_001)]
    [InlineData("now - x > duration('1h') && now - x > duration('2h')", 0, Now + 3_600_001)]
    [InlineData("now - x > duration('1h') || now - x > duration('2h')", 0, Now + 3_600_001)]
    [InlineData("false && now - x > duration('1h')", 0, Never)]
    [InlineData("now - x > duration('1h') && 1 / 0 > 0", 0, Now + 3_600_001)]
    [InlineData("int(now) - int(x) > 60", 0, Now + 61_000)]
    [InlineData("int(now) > int(x)", 500, Now + 1_000)]
    [InlineData("60 - int(now) + int(x) < 0", 0, Now + 61_000)]
    [InlineData("(now - x).getHours() >= 2", 0, Now + 7_200_000)]
    [InlineData("(now - x).getSeconds() == 2", 0, Now + 2_000)]
    [InlineData("now.getHours()", 0, Now + 3_600_000)]
    [InlineData("now.getMinutes()", 0, Now + 60_000)]
    [InlineData("now.getSeconds()", 0, Now + 1_000)]
    [InlineData("now.getMilliseconds()", 0, Now + 1)]
    [InlineData("now.getDayOfWeek()", 0, Now + 86_400_000)]
    [InlineData("now.getMonth()", 0, Now + (31 * 86_400_000L))]
    [InlineData("now.getFullYear()", 0, Now + (365 * 86_400_000L))]
    [InlineData("now.getFullYear('Europe/Berlin')", 0, 1_774_746_000_000)] // The zone's change to summer time on 29 March comes first.
    [InlineData("now.getHours('+05:30')", 0, Now + 1_800_000)]
    [InlineData("(now - duration('30m')).getHours()", 0, Now + 1_800_000)]
    [InlineData("x.getHours() > 3", 0, Never)]
    [InlineData("int(now)", 0, Now + 1_000)]
    [InlineData("string(now)", 0, Now + 1)]
    [InlineData("now", 0, Now + 1)]
    [InlineData("now - x", 0, Now + 1)]
    [InlineData("type(now) == google.protobuf.Timestamp", 0, Never)]
    [InlineData("timestamp(now) > x", 5_000, Now + 5_001)]
    [InlineData("duration(now - x) > duration('5s')", 0, Now + 5_001)]
    [InlineData("now == null", 0, Never)]
    [InlineData("now > nothing", 0, Never)]
    [InlineData("now - nothing > duration('1h')", 0, Never)]
    [InlineData("nothing == null || now - nothing > duration('1h')", 0, Never)]
    [InlineData("1 + 1", 0, Never)]
    public void The_instant_is_exact(string source, long xAfterNow, long wanted)
    {
        var context = new EvalContext();
        CelRunner.Evaluate(source, Leaves(xAfterNow), Now, context);
        Assert.Equal(wanted, context.ValidUntil);
    }

    [Fact]
    public void A_drifting_duration_that_leaves_its_range_is_waited_for()
    {
        // 1800 is 226 years before 2026: in 2092 the difference passes what a duration holds.
        var context = new EvalContext();
        var value = CelRunner.Evaluate("now - timestamp('1800-01-01T00:00:00Z') > duration('1h')", Leaves(0), Now, context);
        Assert.True(value.IsTrue);
        var end = -5_364_662_400_000 + 9_223_372_036_854;
        Assert.InRange(context.ValidUntil, end - 1, end + 1);
    }

    [Fact]
    public void A_difference_out_of_range_that_comes_into_it_is_waited_for()
    {
        var context = new EvalContext();
        var value = CelRunner.Evaluate("timestamp('2400-01-01T00:00:00Z') - now > duration('1h')", Leaves(0), Now, context);
        Assert.True(value.IsError);
        var start = 13_569_465_600_000 - 9_223_372_036_854;
        Assert.InRange(context.ValidUntil, start - 1, start + 1);
    }

    [Fact]
    public void A_leaf_that_knows_thresholds_is_asked_for_its_comparison_with_a_constant()
    {
        var leaf = new Threshold();
        var scope = new Scope().Declare("calls", CelType.Int, leaf);
        CelRunner.Evaluate("calls >= 1 + 2", scope);
        CelRunner.Evaluate("3 < calls", scope);
        CelRunner.Evaluate("calls == 2.5", scope);
        CelRunner.Evaluate("null != calls", scope);
        Assert.Equal(
            [(Comparison.GreaterOrEqual, Value.Int(3)), (Comparison.Greater, Value.Int(3)), (Comparison.Equal, Value.Double(2.5)), (Comparison.NotEqual, Value.Null)],
            leaf.Asked);
        Assert.Equal(0, leaf.Evaluations);
    }

    [Fact]
    public void A_leaf_compared_with_something_else_is_evaluated()
    {
        var leaf = new Threshold();
        var scope = new Scope().Declare("calls", CelType.Int, leaf).Declare("x", CelType.Int, new LeafNode(Value.Int(1)));
        CelRunner.Evaluate("calls >= x && calls + 1 > 2 && calls > 1 / 0", scope);
        Assert.Empty(leaf.Asked);
    }

    private static Scope Leaves(long xAfterNow) => new Scope()
        .Declare("now", CelType.Timestamp, NowNode.Instance)
        .Declare("x", CelType.Timestamp, new LeafNode(Value.TimestampMs(Now + xAfterNow)))
        .Declare("y", CelType.Timestamp, new LeafNode(Value.TimestampMs(Now)))
        .Declare("nothing", CelType.Nullable(CelType.Timestamp), new LeafNode(Value.Null));

    private sealed class Threshold : Node, IThresholdNode
    {
        public List<(Comparison, Value)> Asked { get; } = [];

        public int Evaluations { get; private set; }

        public override Value Evaluate(EvalContext context)
        {
            Evaluations++;
            return Value.Int(7);
        }

        public Value Compare(EvalContext context, Comparison comparison, Value constant)
        {
            Asked.Add((comparison, constant));
            return Comparisons.Compare(Value.Int(7), comparison, constant);
        }
    }
}
