using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using StreamInsight.Server.Http;
using StreamInsight.Server.Tests.Setting;

namespace StreamInsight.Server.Tests.Http;

public sealed class PostHogTests
{
    [Theory]
    [InlineData(
        """{"event":"Order Completed","distinct_id":"u1","uuid":"m1","timestamp":"2026-01-01T00:00:00Z","properties":{"total":5}}""",
        """{"timestamp":"2026-01-01T00:00:00Z","messageId":"m1","userId":"u1","type":"track","event":"Order Completed","properties":{"total":5}}""")]
    [InlineData(
        """{"event":"x","properties":{"distinct_id":"d1","$device_id":"d1","$is_identified":false}}""",
        """{"anonymousId":"d1","type":"track","event":"x","properties":{"distinct_id":"d1","$device_id":"d1","$is_identified":false}}""")]
    [InlineData(
        """{"event":"$identify","distinct_id":"u1","properties":{"$anon_distinct_id":"d1","$set":{"tier":"gold"}}}""",
        """{"userId":"u1","type":"identify","anonymousId":"d1","traits":{"tier":"gold"}}""")]
    [InlineData(
        """{"event":"$identify","distinct_id":"u1","$set":{"tier":"gold"}}""",
        """{"userId":"u1","type":"identify","traits":{"tier":"gold"}}""")]
    [InlineData(
        """{"event":"$create_alias","distinct_id":"u1","properties":{"alias":"d1"}}""",
        """{"userId":"u1","type":"alias","previousId":"d1"}""")]
    [InlineData(
        """{"event":"$groupidentify","distinct_id":"u1","properties":{"$group_key":"g","$group_set":{"size":3}}}""",
        """{"userId":"u1","type":"group","groupId":"g","traits":{"size":3}}""")]
    [InlineData("""{"event":"$pageview","distinct_id":"u1"}""", """{"userId":"u1","type":"page","event":"$pageview"}""")]
    [InlineData("7", "7")]
    public void Each_message_has_its_counterpart(string posthog, string segment)
    {
        using JsonDocument batch = JsonDocument.Parse($$"""{"api_key":"k","batch":[{{posthog}}],"sent_at":"2026-01-01T00:00:01Z"}""");
        Assert.Equal($$"""{"sentAt":"2026-01-01T00:00:01Z","batch":[{{segment}}]}""", Encoding.UTF8.GetString(PostHogTranslation.ToBatch(batch.RootElement)!));
        Assert.Equal("k", PostHogTranslation.KeyOf(batch.RootElement));
    }

    [Fact]
    public async Task Batches_single_events_and_packed_arrays_are_applied()
    {
        await using RunningService running = await RunningService.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await running.PostAsync("/batch/", """{"api_key":"k","batch":[{"event":"Order Completed","distinct_id":"u1","properties":{"total":50} }]}""")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await running.PostAsync("/capture/", """{"api_key":"k","event":"Order Completed","distinct_id":"u1","properties":{"total":30} }""")).StatusCode);
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write("""[{"event":"$identify","properties":{"distinct_id":"u1","token":"k","$set":{"tier":"gold"} } }]"""u8);
        Assert.Equal(HttpStatusCode.OK, (await running.PostAsync("/e/?compression=gzip-js&ver=1", packed.ToArray(), "text/plain")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await running.PostAsync("/batch/", "{}")).StatusCode);
        await running.AppliedAsync(3);
        string profile = await running.Client.GetStringAsync("/v1/customers/u1");
        Assert.Contains("\"spend\":80", profile);
        Assert.Contains("\"tier\":\"gold\"", profile);
    }
}
