using System.Text.Json;
using StreamInsight.Server.Demo;
using StreamInsight.Server.Generate;

namespace StreamInsight.Deploy.Tests.Generate;

public sealed class RestampTests
{
    private const long Arrived = 1_767_571_260_000; // 2026-01-05T00:01:00Z
    private const long Now = 1_795_000_000_000;

    private static JsonElement Send(string json, string run = "r1") =>
        JsonDocument.Parse(new Restamp(run).Send(new SimulatedMessage(Arrived, "u1", System.Text.Encoding.UTF8.GetBytes(json)), Now).Json).RootElement;

    [Theory]
    [InlineData("""{"type":"track","messageId":"m-00000001","timestamp":"2026-01-05T00:00:00.000Z","event":"x"}""", "timestamp", "messageId")]
    [InlineData("""{"specversion":"1.0","id":"m-00000001","type":"x","time":"2026-01-05T00:00:00.000Z"}""", "time", "id")]
    public void A_message_that_was_a_minute_late_stays_a_minute_late_and_its_id_names_the_run(string json, string time, string id)
    {
        JsonElement sent = Send(json);
        Assert.Equal(Now - 60_000, sent.GetProperty(time).GetDateTimeOffset().ToUnixTimeMilliseconds());
        Assert.Equal("m-r1-00000001", sent.GetProperty(id).GetString());
    }

    [Fact]
    public void What_is_broken_on_purpose_stays_broken()
    {
        var message = new SimulatedMessage(Arrived, "u1", "{\"type\":\"track\",\"timestamp\":\"yesterday\""u8.ToArray());
        Assert.Equal(message.Json.ToArray(), new Restamp("r1").Send(message, Now).Json.ToArray());
        Assert.Equal(Now, new Restamp("r1").Send(message, Now).ArrivesAtMs);
    }
}
