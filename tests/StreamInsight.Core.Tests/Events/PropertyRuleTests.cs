using StreamInsight.Events;
using StreamInsight.Expressions;
using Xunit;

namespace StreamInsight.Tests.Events;

public sealed class PropertyRuleTests
{
    [Theory]
    [InlineData("total", "5")]
    [InlineData("total", "5.25")]
    [InlineData("total", "1e400")]
    [InlineData("total", "null")]
    [InlineData("items", "9.0")]
    [InlineData("items", "90e-1")]
    [InlineData("items", "0.09E2")]
    [InlineData("items", "9223372036854775807")]
    [InlineData("items", "-9223372036854775808")]
    [InlineData("items", "9223372036854775807.000")]
    [InlineData("items", "0e999999999999999999999")]
    [InlineData("category", "\"\"")]
    [InlineData("category", "\"shoes\"")]
    [InlineData("gift", "true")]
    [InlineData("gift", "false")]
    [InlineData("due", "\"2026-03-01T12:00:00+01:00\"")]
    [InlineData("undeclared", "[1,{\"total\":\"x\"}]")]
    [InlineData("Total", "\"x\"")]
    public void Is_of_its_type(string name, string value) =>
        Assert.Equal(Refusal.None, Decoding.Track($$"""  "properties":{"{{name}}":{{value}}}""").Refusal);

    [Theory]
    [InlineData("total", "\"5\"")]
    [InlineData("total", "true")]
    [InlineData("items", "7.5")]
    [InlineData("items", "5e-1")]
    [InlineData("items", "1.0000000000000000000001")]
    [InlineData("items", "9223372036854775808")]
    [InlineData("items", "-9223372036854775809")]
    [InlineData("items", "1e19")]
    [InlineData("items", "1e999999999999999999999")]
    [InlineData("items", "\"5\"")]
    [InlineData("category", "5")]
    [InlineData("category", "{}")]
    [InlineData("gift", "1")]
    [InlineData("gift", "\"true\"")]
    [InlineData("due", "\"2026-03-01\"")]
    [InlineData("due", "1772366400000")]
    [InlineData("due", "[]")]
    [InlineData("t\\u006ftal", "\"5\"")]
    public void Is_of_another_type(string name, string value)
    {
        var e = Decoding.Track($$"""  "messageId":"m","properties":{"{{name}}":{{value}}}""");
        Assert.Equal(Refusal.BadProperty, e.Refusal);
        Assert.True(e.IsDecoded);
        Assert.Equal(Decoding.Ms("2026-03-01T12:00:00Z"), e.RecordTimeMs);
        Assert.Equal("u1", Decoding.Text(e.UserId));
    }

    [Fact]
    public void Values_arrive_in_their_slots()
    {
        var e = Decoding.Track("""  "properties":{"due":"1970-01-01T00:00:01Z","x":[{"y":1}],"gift":true,"category":"h\u00e9 \"q\"","items":-12,"total":49.9} """);
        Assert.Equal(49.9, Decoding.Property(e, "total").AsDouble);
        Assert.Equal(-12, Decoding.Property(e, "items").AsInt);
        Assert.Equal("hé \"q\"", Decoding.Property(e, "category").AsString);
        Assert.True(Decoding.Property(e, "gift").IsTrue);
        Assert.Equal((ValueKind.Timestamp, 1000L), (Decoding.Property(e, "due").Kind, Decoding.Property(e, "due").Bits));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-0.0")]
    [InlineData("0.1")]
    [InlineData("-123.456")]
    [InlineData("9007199254740993")]
    [InlineData("0.30000000000000004")]
    [InlineData("1.7976931348623157e308")]
    [InlineData("5e-324")]
    [InlineData("123456789012345678901234567890.5")]
    [InlineData("4503599627370497.5")]
    [InlineData("0.000000000000001")]
    public void Doubles_are_read_to_the_nearest(string text)
    {
        double expected = double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        double actual = Decoding.Property(Decoding.Track("\"properties\":{\"total\":" + text + "}"), "total").AsDouble;
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(actual));
    }

    [Fact]
    public void Doubles_of_up_to_seventeen_digits_agree_with_the_framework()
    {
        var random = new Random(5);
        for (int i = 0; i < 20_000; i++)
        {
            string digits = random.NextInt64(0, (long)Math.Pow(10, random.Next(1, 18))).ToString();
            int point = random.Next(0, digits.Length);
            string text = point == 0 ? digits : digits[..point].TrimStart('0') is { Length: > 0 } whole ? whole + "." + digits[point..] : "0." + digits[point..];
            double actual = Decoding.Property(Decoding.Track("\"properties\":{\"total\":" + text + "}"), "total").AsDouble;
            Assert.Equal(double.Parse(text, System.Globalization.CultureInfo.InvariantCulture), actual);
        }
    }

    [Fact]
    public void Absent_and_null_properties_leave_nothing_of_the_event_before()
    {
        var decoder = new MessageDecoder(new EventSchema(Decoding.Model));
        var target = new CustomerEvent();
        foreach (string properties in new[] { "{\"total\":5,\"category\":\"x\"}", "{\"total\":null}", "null", "{}" })
        {
            decoder.Decode(System.Text.Encoding.UTF8.GetBytes("""{"type":"track","event":"Order Completed","userId":"u","timestamp":"2026-03-01T12:00:00Z","properties":""" + properties + "}"), default, RecordSource.File, target);
            Assert.Equal(Refusal.None, target.Refusal);
            Assert.Equal(properties.Contains('x'), !Decoding.Property(target, "category").IsNull);
        }

        Assert.True(Decoding.Property(target, "total").IsNull);
    }

    [Fact]
    public void Of_repeated_properties_the_last_counts_and_a_repeated_object_replaces_the_first()
    {
        Assert.Equal(5, Decoding.Property(Decoding.Track("""  "properties":{"total":"x","total":5} """), "total").AsDouble);
        Assert.Equal(Refusal.BadProperty, Decoding.Track("""  "properties":{"total":5,"total":"x"} """).Refusal);
        Assert.True(Decoding.Property(Decoding.Track("""  "properties":{"total":5,"total":null} """), "total").IsNull);

        var e = Decoding.Track("""  "properties":{"total":5},"properties":{"items":1} """);
        Assert.True(Decoding.Property(e, "total").IsNull);
        Assert.Equal(1, Decoding.Property(e, "items").AsInt);
        Assert.Equal(Refusal.None, Decoding.Track("""  "properties":7,"properties":{"items":1} """).Refusal);
        Assert.Equal(Refusal.None, Decoding.Track("""  "properties":7,"properties":null """).Refusal);
        Assert.Equal(Refusal.BadProperty, Decoding.Track("""  "properties":{"items":1},"properties":7 """).Refusal);
    }

    [Theory]
    [InlineData("track", "properties", Refusal.BadProperty)]
    [InlineData("page", "properties", Refusal.BadProperty)]
    [InlineData("screen", "properties", Refusal.BadProperty)]
    [InlineData("identify", "traits", Refusal.BadProperty)]
    [InlineData("group", "traits", Refusal.BadProperty)]
    [InlineData("track", "traits", Refusal.None)]
    [InlineData("identify", "properties", Refusal.None)]
    [InlineData("alias", "traits", Refusal.None)]
    [InlineData("alias", "properties", Refusal.None)]
    public void Properties_and_traits_must_be_objects_where_they_are_read(string type, string member, Refusal expected)
    {
        foreach (string value in new[] { "5", "\"x\"", "[]", "true", "\"\"" })
        {
            string message = $$"""{"type":"{{type}}","event":"undeclared","userId":"u","timestamp":"2026-03-01T12:00:00Z","{{member}}":{{value}}}""";
            Assert.Equal(expected, Decoding.File(message).Refusal);
        }
    }

    [Fact]
    public void Identify_sets_its_own_traits_and_group_those_of_the_group()
    {
        var e = Decoding.File("""{"type":"identify","userId":"u","timestamp":"2026-03-01T12:00:00Z","traits":{"tier":"gold","nps":9.0,"seats":"x","group.seats":3}}""");
        Assert.Equal(Refusal.None, e.Refusal);
        Assert.Equal("gold", e.Traits[0].AsString);
        Assert.Equal(9, e.Traits[1].AsInt);
        Assert.True(e.Traits[2].IsNull);

        e = Decoding.File("""{"type":"group","userId":"u","timestamp":"2026-03-01T12:00:00Z","traits":{"tier":7,"seats":3}}""");
        Assert.Equal(Refusal.None, e.Refusal);
        Assert.Equal((true, true, 3L), (e.Traits[0].IsNull, e.Traits[1].IsNull, e.Traits[2].AsInt));
        Assert.Equal(Refusal.BadProperty, Decoding.File("""{"type":"group","userId":"u","timestamp":"2026-03-01T12:00:00Z","traits":{"seats":"3"}}""").Refusal);
    }

    [Theory]
    [InlineData("""  "context":{"channel":"web"} """, "web")]
    [InlineData("""  "context":{"channel":"w\u0065b"},"channel":"app" """, "web")]
    [InlineData("""  "context":{"channel":""},"channel":"app" """, "app")]
    [InlineData("""  "context":{"channel":7},"channel":"app" """, "app")]
    [InlineData("""  "context":{"channel":"web","channel":null},"channel":"app" """, "app")]
    [InlineData("""  "context":[],"channel":"app" """, "app")]
    [InlineData("""  "context":{"other":1},"channel":"app" """, "app")]
    [InlineData("""  "channel":7 """, null)]
    [InlineData("""  "channel":"" """, null)]
    public void The_channel_is_the_contexts_else_the_messages(string members, string? expected) =>
        Assert.Equal(expected, Decoding.Track(members).Channel);
}
