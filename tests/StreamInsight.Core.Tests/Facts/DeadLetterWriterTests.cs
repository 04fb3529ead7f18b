using System.Text;
using StreamInsight.Events;
using StreamInsight.Facts;
using Xunit;

namespace StreamInsight.Tests.Facts;

public sealed class DeadLetterWriterTests
{
    [Theory]
    [InlineData("""{"type":"x", "a":[1e5,"\u0041"]}""", """{"type":"x", "a":[1e5,"\u0041"]}""")]
    [InlineData("{\r\n \"a\": 1}", "{   \"a\": 1}")]
    [InlineData("7", "7")]
    [InlineData("{\"a\":1", "\"{\\\"a\\\":1\"")]
    [InlineData("not json\n\u0001", "\"not json\\n\\u0001\"")]
    [InlineData("{\"a\":\"\\ud800\"}", "\"{\\\"a\\\":\\\"\\\\ud800\\\"}\"")]
    [InlineData("", "\"\"")]
    public void A_record_is_json_if_it_is_and_else_text(string record, string expected) =>
        Assert.Equal("{\"position\":\"17\",\"reason\":\"bad_timestamp\",\"record\":" + expected + "}", Written(Encoding.UTF8.GetBytes(record)));

    [Fact]
    public void Bytes_that_are_not_utf8_are_replaced() =>
        Assert.Equal("{\"position\":\"17\",\"reason\":\"bad_timestamp\",\"record\":\"x\uFFFD\"}", Written([(byte)'x', 0xff]));

    [Fact]
    public void Reasons_are_in_snake_case()
    {
        Assert.Equal(
            ["too_large", "too_deep", "not_json", "no_type", "no_event_name", "no_identity", "bad_timestamp", "bad_property", "future", "erased", "late", "duplicate", "stopped", "unknown_decision"],
            RefusalReason.All.Select(r => r.Reason()));
    }

    private static string Written(byte[] record) => JsonTests.Written(o => DeadLetterWriter.Write("17", Refusal.BadTimestamp, record, o));
}
