using StreamInsight.Events;
using Xunit;

namespace StreamInsight.Tests.Events;

public sealed class CloudEventTests
{
    private const string Good = """{"specversion":"1.0","type":"Order Completed","source":"/shop","subject":"u1","id":"m1","time":"2026-03-01T12:00:00Z","data":{"total":5}}""";

    [Fact]
    public void Its_five_members_are_mapped()
    {
        var e = Decoding.File(Good);
        Assert.Equal((Refusal.None, MessageType.Track, 0), (e.Refusal, e.Type, e.EventIndex));
        Assert.Equal(("u1", "m1"), (Decoding.Text(e.UserId), Decoding.Text(e.MessageId)));
        Assert.Equal(Decoding.Ms("2026-03-01T12:00:00Z"), e.TimestampMs);
        Assert.Equal(5, Decoding.Property(e, "total").AsDouble);
    }

    [Theory]
    [InlineData("\"type\":\"Order Completed\",", "", Refusal.NoEventName)]
    [InlineData("\"Order Completed\"", "\"\"", Refusal.NoEventName)]
    [InlineData("\"Order Completed\"", "7", Refusal.NoEventName)]
    [InlineData("\"Order Completed\"", "\"track\"", Refusal.None)]
    [InlineData("\"subject\":\"u1\"", "\"userId\":\"u1\",\"anonymousId\":\"a\"", Refusal.NoIdentity)]
    [InlineData("\"u1\"", "17", Refusal.None)]
    [InlineData("2026-03-01T12:00:00Z", "2026-03-01", Refusal.BadTimestamp)]
    [InlineData("\"time\"", "\"timestamp\"", Refusal.BadTimestamp)]
    [InlineData("\"time\":\"2026", "\"timestamp\":5,\"originalTimestamp\":7,\"time\":\"2026", Refusal.None)]
    [InlineData("\"time\":\"2026", "\"sentAt\":5,\"time\":\"2026", Refusal.BadTimestamp)]
    [InlineData("{\"total\":5}", "\"text\"", Refusal.BadProperty)]
    [InlineData("{\"total\":5}", "[]", Refusal.BadProperty)]
    [InlineData("{\"total\":5}", "null", Refusal.None)]
    [InlineData("{\"total\":5}", "{},\"properties\":7", Refusal.None)]
    [InlineData("\"1.0\"", "0", Refusal.None)]
    [InlineData("\"1.0\"", "null", Refusal.NoType)]
    public void Is_judged_by_its_own_members(string given, string instead, Refusal expected)
    {
        Assert.Contains(given, Good);
        Assert.Equal(expected, Decoding.File(Good.Replace(given, instead)).Refusal);
    }

    [Fact]
    public void Only_the_channel_of_its_context_is_read()
    {
        Assert.Null(Decoding.File(Good.Replace("{\"spec", "{\"channel\":\"web\",\"spec")).Channel);
        Assert.Equal("web", Decoding.File(Good.Replace("{\"spec", "{\"context\":{\"channel\":\"web\"},\"spec")).Channel);
    }

    [Fact]
    public void Sent_and_received_times_count()
    {
        var e = Decoding.File(Good.Replace("\"time\":", "\"receivedAt\":\"2026-03-01T13:00:00Z\",\"sentAt\":"));
        Assert.Equal((Decoding.Ms("2026-03-01T13:00:00Z"), Decoding.Ms("2026-03-01T12:00:00Z")), (e.RecordTimeMs, e.TimestampMs));
    }
}
