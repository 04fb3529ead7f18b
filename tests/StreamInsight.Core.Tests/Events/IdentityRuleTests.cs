using StreamInsight.Events;
using Xunit;

namespace StreamInsight.Tests.Events;

/// <summary>Types, event names, ids: which messages say what happened and whose they are.</summary>
public sealed class IdentityRuleTests
{
    private const string Time = "\"timestamp\":\"2026-03-01T12:00:00Z\"";

    [Theory]
    [InlineData("track", MessageType.Track)]
    [InlineData("page", MessageType.Page)]
    [InlineData("screen", MessageType.Screen)]
    [InlineData("identify", MessageType.Identify)]
    [InlineData("group", MessageType.Group)]
    [InlineData("alias", MessageType.Alias)]
    public void Six_types_are_known(string type, MessageType expected)
    {
        var e = Decoding.File($$"""{"type":"{{type}}","event":"x","userId":"u",{{Time}}}""");
        Assert.Equal(Refusal.None, e.Refusal);
        Assert.Equal(expected, e.Type);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"type":null}""")]
    [InlineData("""{"type":""}""")]
    [InlineData("""{"type":"Track"}""")]
    [InlineData("""{"type":"delete"}""")]
    [InlineData("""{"type":5}""")]
    [InlineData("""{"type":["track"]}""")]
    [InlineData("""{"Type":"track"}""")]
    [InlineData("""{"type":"track","type":null}""")]
    [InlineData("""{"type":"track","specversion":null,"type":"x"}""")]
    public void Other_types_are_refused(string message) => Assert.Equal(Refusal.NoType, Decoding.File(message).Refusal);

    [Theory]
    [InlineData("")]
    [InlineData(",\"event\":null")]
    [InlineData(",\"event\":\"\"")]
    [InlineData(",\"event\":5")]
    [InlineData(",\"event\":{}")]
    [InlineData(",\"event\":\"x\",\"event\":[]")]
    public void A_track_needs_the_name_of_an_event(string members) =>
        Assert.Equal(Refusal.NoEventName, Decoding.File("{\"type\":\"track\"" + members + "}").Refusal);

    [Theory]
    [InlineData("")]
    [InlineData(",\"userId\":null")]
    [InlineData(",\"userId\":\"\"")]
    [InlineData(",\"userId\":1.0")]
    [InlineData(",\"userId\":1e3")]
    [InlineData(",\"userId\":true")]
    [InlineData(",\"userId\":[\"u\"]")]
    [InlineData(",\"userId\":{},\"anonymousId\":\"\"")]
    [InlineData(",\"previousId\":\"p\"")]
    [InlineData(",\"userId\":\"u\",\"userId\":null")]
    public void A_message_needs_an_id(string members)
    {
        // Identity is judged before times.
        Assert.Equal(Refusal.NoIdentity, Decoding.File("{\"type\":\"identify\",\"timestamp\":5" + members + "}").Refusal);
    }

    [Theory]
    [InlineData("\"u1\"", "u1")]
    [InlineData("\" u1 \"", " u1 ")]
    [InlineData("42", "42")]
    [InlineData("-0", "-0")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890")]
    [InlineData("\"\\u0041\\ud83d\\ude00\\n\\/\"", "A😀\n/")]
    [InlineData("\"é\\u00e9\"", "éé")]
    [InlineData("\"\\u0000\"", "\0")]
    public void Ids_are_kept_byte_for_byte(string written, string expected)
    {
        var e = Decoding.File($$"""{"type":"alias","previousId":{{written}},"userId":{{written}},"anonymousId":{{written}},{{Time}}}""");
        Assert.Equal(Refusal.None, e.Refusal);
        Assert.Equal([expected, expected, expected], new[] { e.UserId, e.AnonymousId, e.PreviousId }.Select(Decoding.Text));
    }

    [Theory]
    [InlineData("\"m1\"", "m1")]
    [InlineData("\"\\u006d1\"", "m1")]
    [InlineData("\"\"", "")]
    [InlineData("17", "")]
    [InlineData("null", "")]
    [InlineData("{}", "")]
    public void Only_strings_are_message_ids(string written, string expected) =>
        Assert.Equal(expected, Decoding.Text(Decoding.Track($"\"messageId\":{written}").MessageId));

    [Fact]
    public void Several_escaped_ids_do_not_overwrite_each_other()
    {
        var e = Decoding.Track("""  "userId":"\u0061-user","anonymousId":"\u0062-anonymous","messageId":"\u0063-message" """);
        Assert.Equal(["a-user", "b-anonymous", "c-message"], new[] { e.UserId, e.AnonymousId, e.MessageId }.Select(Decoding.Text));
    }

    [Fact]
    public void Keys_may_be_escaped_and_the_last_of_repeated_ones_counts()
    {
        var e = Decoding.File("""{"type":"page","userId":"a","\u0074ype":"track","\u0065vent":"Call Started","us\u0065rId":"b","timestamp":"2026-03-01T12:00:00Z"}""");
        Assert.Equal(Refusal.None, e.Refusal);
        Assert.Equal((MessageType.Track, 1, "b"), (e.Type, e.EventIndex, Decoding.Text(e.UserId)));
    }

    [Theory]
    [InlineData("Order Completed", 0)]
    [InlineData("Order\\u0020Completed", 0)]
    [InlineData("order", -1)]
    [InlineData("order completed", -1)]
    [InlineData("Unknown", -1)]
    [InlineData("page", 2)]
    [InlineData("a \\\"quoted\\\" n\\u00e4me", 4)]
    public void Tracks_find_their_event_by_wire_name(string name, int expected) =>
        Assert.Equal(expected, Decoding.File($$"""{"type":"track","event":"{{name}}","userId":"u",{{Time}}}""").EventIndex);

    [Fact]
    public void Pages_and_screens_become_the_events_of_these_short_names()
    {
        Assert.Equal(2, Decoding.File($$"""{"type":"page","event":"Call Started","name":"Home","userId":"u",{{Time}}}""").EventIndex);
        Assert.Equal(3, Decoding.File($$"""{"type":"screen","userId":"u",{{Time}}}""").EventIndex);
        Assert.Equal(-1, Decoding.File($$"""{"type":"identify","event":"page","userId":"u",{{Time}}}""").EventIndex);
    }
}
