using StreamInsight.Definitions;
using Xunit;

namespace StreamInsight.Tests.Definitions;

public sealed class DurationTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    [InlineData("250ms", 250)]
    [InlineData("1s", 1_000)]
    [InlineData("5m", 300_000)]
    [InlineData("24h", 86_400_000)]
    [InlineData("7d", 604_800_000)]
    [InlineData("2w", 1_209_600_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1w2d3h4m5s6ms", 788_645_006)]
    [InlineData("90m", 5_400_000)]
    public void Whole_numbers_with_units_are_spans(string text, long ms)
    {
        Assert.True(Duration.TryParse(text, out var read));
        Assert.Equal(ms, read);
        Assert.True(Duration.TryParse(Duration.Format(ms), out var again));
        Assert.Equal(ms, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("h")]
    [InlineData("-5m")]
    [InlineData("+5m")]
    [InlineData("1.5h")]
    [InlineData("5 m")]
    [InlineData(" 5m")]
    [InlineData("5m ")]
    [InlineData("5M")]
    [InlineData("5min")]
    [InlineData("1h30")]
    [InlineData("1y")]
    [InlineData("٥m")]
    [InlineData("9223372036854775807ms1ms")]
    [InlineData("99999999999999999999ms")]
    [InlineData("9223372036854775807w")]
    public void Anything_else_is_none(string text)
    {
        Assert.False(Duration.TryParse(text, out var ms));
        Assert.Equal(0, ms);
    }

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(1_209_600_000, "2w")]
    [InlineData(864_000_000, "10d")]
    [InlineData(5_400_000, "1h30m")]
    [InlineData(1_001, "1s1ms")]
    public void A_span_is_written_in_its_largest_units(long ms, string text) => Assert.Equal(text, Duration.Format(ms));
}
