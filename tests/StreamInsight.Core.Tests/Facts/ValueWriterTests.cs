using StreamInsight.Expressions;
using StreamInsight.Facts;
using Xunit;

namespace StreamInsight.Tests.Facts;

public sealed class ValueWriterTests
{
    public static TheoryData<Value, string> Values => new()
    {
        { Value.Null, "null" },
        { Value.True, "true" },
        { Value.False, "false" },
        { Value.Int(-5), "-5" },
        { Value.Uint(ulong.MaxValue), "18446744073709551615" },
        { Value.Double(5), "5" },
        { Value.Double(-0.0), "0" },
        { Value.Double(double.NaN), "null" },
        { Value.Double(double.NegativeInfinity), "null" },
        { Value.String("a\"\u2028"), "\"a\\\"\u2028\"" },
        { Value.TimestampMs(1), "\"1970-01-01T00:00:00.001Z\"" },
        { Value.DurationMs(90_000), "\"90s\"" },
        { Value.DurationMs(1_500), "\"1.5s\"" },
        { Value.DurationMs(-1), "\"-0.001s\"" },
        { Value.DurationMs(0), "\"0s\"" },
        { Value.DurationMs(long.MinValue), "\"-9223372036854775.808s\"" },
        { Value.Of(ValueKind.Duration, -1, 999_999), "\"-0.000000001s\"" },
        { Value.Error("no such key"), "null" },
        { Value.Of(ValueKind.List, 0, Array.Empty<Value>()), "[]" },
        { Value.Of(ValueKind.List, 0, new[] { Value.Int(1), Value.Null, Value.String("x") }), "[1,null,\"x\"]" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Is_written_as(Value value, string expected) => Assert.Equal(expected, JsonTests.Written(o => ValueWriter.Write(value, o)));
}
