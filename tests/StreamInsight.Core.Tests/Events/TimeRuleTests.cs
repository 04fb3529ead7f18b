using System.Text;
using StreamInsight.Events;
using Xunit;

namespace StreamInsight.Tests.Events;

public sealed class TimeRuleTests
{
    [Theory]
    [InlineData("2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z")]
    [InlineData("2026-03-01T12:00:00.1Z", "2026-03-01T12:00:00.100Z")]
    [InlineData("2026-03-01T12:00:00.123456789012345678901Z", "2026-03-01T12:00:00.123Z")]
    [InlineData("2026-03-01T12:00:00.9999Z", "2026-03-01T12:00:00.999Z")]
    [InlineData("2026-03-01T12:00:00+01:30", "2026-03-01T10:30:00Z")]
    [InlineData("2026-03-01T12:00:00.5-23:59", "2026-03-02T11:59:00.500Z")]
    [InlineData("2026-03-01T12:00:00-00:00", "2026-03-01T12:00:00Z")]
    [InlineData("2024-02-29T23:59:59Z", "2024-02-29T23:59:59Z")]
    [InlineData("2000-02-29T00:00:00Z", "2000-02-29T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z")]
    [InlineData("1969-12-31T23:59:59.9999Z", "1969-12-31T23:59:59.999Z")]
    public void Is_a_timestamp(string text, string instant)
    {
        Assert.True(IsoTime.TryParse(Encoding.UTF8.GetBytes(text), out long milliseconds));
        Assert.Equal(Decoding.Ms(instant), milliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-03-01")]
    [InlineData("2026-03-01T12:00Z")]
    [InlineData("2026-03-01T12:00:00")]
    [InlineData("2026-03-01 12:00:00Z")]
    [InlineData("2026-03-01t12:00:00Z")]
    [InlineData("2026-03-01T12:00:00z")]
    [InlineData("2026-03-01T12:00:00.Z")]
    [InlineData("2026-03-01T12:00:00,5Z")]
    [InlineData("2026-03-01T24:00:00Z")]
    [InlineData("2026-03-01T12:60:00Z")]
    [InlineData("2026-03-01T12:00:60Z")]
    [InlineData("2026-13-01T12:00:00Z")]
    [InlineData("2026-00-01T12:00:00Z")]
    [InlineData("2026-03-00T12:00:00Z")]
    [InlineData("2026-04-31T12:00:00Z")]
    [InlineData("2026-02-29T12:00:00Z")]
    [InlineData("1900-02-29T12:00:00Z")]
    [InlineData("0000-01-01T12:00:00Z")]
    [InlineData("10000-01-01T12:00:00Z")]
    [InlineData("-026-03-01T12:00:00Z")]
    [InlineData("2026-03-01T12:00:00+24:00")]
    [InlineData("2026-03-01T12:00:00+01:60")]
    [InlineData("2026-03-01T12:00:00+0100")]
    [InlineData("2026-03-01T12:00:00+01")]
    [InlineData("2026-03-01T12:00:00ZZ")]
    [InlineData("2026-03-01T12:00:00Z ")]
    [InlineData(" 2026-03-01T12:00:00Z")]
    [InlineData("2026-03-01T12:00:00.5")]
    [InlineData("2026-03-01T1 :00:00Z")]
    [InlineData("2O26-03-01T12:00:00Z")]
    public void Is_no_timestamp(string text) => Assert.False(IsoTime.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Every_day_of_the_calendar_is_counted_right()
    {
        for (var day = new DateTime(1, 1, 1, 0, 0, 0, DateTimeKind.Utc); day.Year < 9999; day = day.AddDays(17))
        {
            Assert.True(IsoTime.TryParse(Encoding.UTF8.GetBytes(day.ToString("yyyy-MM-dd'T'00:00:00'Z'")), out long milliseconds));
            Assert.Equal(new DateTimeOffset(day).ToUnixTimeMilliseconds(), milliseconds);
        }
    }

    [Theory]
    [InlineData("timestamp originalTimestamp sentAt receivedAt", "receivedAt", "timestamp")]
    [InlineData("timestamp originalTimestamp sentAt", "timestamp", "timestamp")]
    [InlineData("originalTimestamp sentAt", "originalTimestamp", "originalTimestamp")]
    [InlineData("originalTimestamp sentAt receivedAt", "receivedAt", "originalTimestamp")]
    [InlineData("sentAt", "sentAt", "sentAt")]
    [InlineData("sentAt receivedAt", "receivedAt", "sentAt")]
    [InlineData("receivedAt", "receivedAt", "receivedAt")]
    public void In_a_file_a_record_says_its_own_times(string present, string record, string timestamp)
    {
        var e = Decoding.File(Message(present));
        Assert.Equal(Refusal.None, e.Refusal);
        Assert.Equal((Hour(record), Hour(timestamp)), (e.RecordTimeMs, e.TimestampMs));
    }

    [Fact]
    public void A_given_record_time_stands_over_all_the_record_says()
    {
        long given = Decoding.Ms("2026-03-01T12:00:00Z");
        var e = Decoding.One(Message("timestamp receivedAt"), RecordSource.At(given));
        Assert.Equal((given, Hour("timestamp")), (e.RecordTimeMs, e.TimestampMs));
        e = Decoding.One(Message("receivedAt"), RecordSource.At(given));
        Assert.Equal((Refusal.None, given, given), (e.Refusal, e.RecordTimeMs, e.TimestampMs));
        e = Decoding.One(Message(""), RecordSource.At(given));
        Assert.Equal((Refusal.None, given, given), (e.Refusal, e.RecordTimeMs, e.TimestampMs));
    }

    [Fact]
    public void A_file_record_without_times_is_refused()
    {
        var e = Decoding.File(Message(""));
        Assert.Equal(Refusal.BadTimestamp, e.Refusal);
        Assert.False(e.IsDecoded);
    }

    [Theory]
    [InlineData("timestamp")]
    [InlineData("originalTimestamp")]
    [InlineData("sentAt")]
    [InlineData("receivedAt")]
    public void Each_time_that_is_there_must_be_a_timestamp(string name)
    {
        string others = string.Join(" ", "timestamp originalTimestamp sentAt receivedAt".Split(' ').Where(n => n != name));
        foreach (string bad in new[] { "\"yesterday\"", "\"\"", "1772366400000", "true", "{}" })
        {
            foreach (var source in new[] { RecordSource.File, RecordSource.At(Hour("sentAt")) })
                Assert.Equal(Refusal.BadTimestamp, Decoding.One(Message(others).Replace("{", "{\"" + name + "\":" + bad + ","), source).Refusal);
        }

        Assert.Equal(Refusal.None, Decoding.File(Message(others).Replace("{", "{\"" + name + "\":null,")).Refusal);
    }

    [Fact]
    public void An_escaped_timestamp_is_one() =>
        Assert.Equal(Decoding.Ms("2026-03-01T12:00:00Z"), Decoding.File("""{"type":"alias","userId":"u","sentAt":"2026-03-01T12:00:0\u0030Z"}""").TimestampMs);

    [Fact]
    public void More_than_24_hours_ahead_of_the_record_is_the_future()
    {
        string message = """{"type":"alias","userId":"u","receivedAt":"2026-03-01T12:00:00Z","timestamp":"2026-03-02T12:00:00.000Z"}""";
        Assert.Equal(Refusal.None, Decoding.File(message).Refusal);
        var e = Decoding.File(message.Replace(".000Z", ".001Z"));
        Assert.Equal(Refusal.Future, e.Refusal);
        Assert.True(e.IsDecoded);
        Assert.Equal("u", Decoding.Text(e.UserId));
    }

    private static string Message(string times) =>
        "{\"type\":\"alias\",\"userId\":\"u\"" + string.Concat(times.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => $",\"{n}\":\"{Iso(n)}\"")) + "}";

    private static long Hour(string name) => Decoding.Ms(Iso(name));

    private static string Iso(string name) => "2026-03-01T0" + Array.IndexOf(["timestamp", "originalTimestamp", "sentAt", "receivedAt"], name) + ":00:00.000Z";
}
