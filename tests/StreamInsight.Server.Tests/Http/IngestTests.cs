using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using StreamInsight.Pipeline;
using StreamInsight.Server.Tests.Setting;

namespace StreamInsight.Server.Tests.Http;

public sealed class IngestTests : IAsyncLifetime
{
    private const string Order = """{"type":"track","event":"Order Completed","userId":"u1","properties":{"total":60}}""";

    private RunningService _running = null!;

    public async Task InitializeAsync() => _running = await RunningService.StartAsync();

    public async Task DisposeAsync() => await _running.DisposeAsync();

    [Fact]
    public async Task A_track_call_is_answered_as_segment_does_and_applied()
    {
        HttpResponseMessage answer = await _running.PostAsync("/v1/track", Order, key: "any");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("""{"success":true}""", await answer.Content.ReadAsStringAsync());
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);

        await _running.AppliedAsync(1);
        using JsonDocument profile = JsonDocument.Parse(await _running.Client.GetStringAsync("/v1/customers/u1"));
        Assert.Equal(60, profile.RootElement.GetProperty("features").GetProperty("spend").GetDouble());
        Assert.Equal("buyer", profile.RootElement.GetProperty("journey").GetProperty("stage").GetString());
    }

    [Theory]
    [InlineData("/v1/track", """{"event":"Order Completed","userId":"u1","properties":{"total":60}}""", "orders", "1")]
    [InlineData("/v1/t", """  { "event":"Order Completed","userId":"u1"}""", "orders", "1")]
    [InlineData("/api/s/s2s/track", """{"event":"Order Completed","userId":"u1"}""", "orders", "1")]
    [InlineData("/v1/identify", """{"userId":"u1","traits":{"tier":"gold"}}""", "tier", "\"gold\"")]
    [InlineData("/v1/identify", """{"type":null,"userId":"u1","traits":{"tier":"gold"}}""", "tier", "\"gold\"")]
    public async Task The_path_says_the_type_that_a_message_leaves_out(string path, string body, string name, string value)
    {
        Assert.Equal(HttpStatusCode.OK, (await _running.PostAsync(path, body)).StatusCode);
        await _running.AppliedAsync(1);
        Assert.Contains($"\"{name}\":{value}", await _running.Client.GetStringAsync("/v1/customers/u1"));
    }

    [Fact]
    public async Task An_empty_message_gets_the_type_of_its_path_and_is_refused_for_the_rest()
    {
        Assert.Equal(HttpStatusCode.OK, (await _running.PostAsync("/v1/page", "{ }")).StatusCode);
        await _running.AppliedAsync(1);
        DeadLetter letter = await DeadLetterAsync();
        Assert.Equal("""no_identity { "type":"page"}""", Describe(letter));
    }

    [Fact]
    public async Task A_batch_is_durable_as_a_whole_and_each_message_is_judged_alone()
    {
        HttpResponseMessage answer = await _running.PostAsync("/v1/batch", $$"""{"batch":[{{Order}},{"type":"nope","userId":"u1"},{{Order}}]}""");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await _running.AppliedAsync(3);
        DeadLetter letter = await DeadLetterAsync();
        Assert.Equal("log/1.1", letter.Position.ToString());
    }

    [Fact]
    public async Task CloudEvents_come_one_by_one_and_in_batches()
    {
        const string Event = """{"specversion":"1.0","id":"1","source":"s","type":"Order Completed","subject":"u1","data":{"total":60}}""";
        Assert.Equal(HttpStatusCode.OK, (await _running.PostAsync("/v1/events", Event, "application/cloudevents+json; charset=utf-8")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _running.PostAsync("/v1/batch", $"[{Event.Replace("\"1\"", "\"2\"")},{Event.Replace("\"1\"", "\"3\"")}]", "application/cloudevents-batch+json")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _running.PostAsync("/v1/batch", "[]", "application/cloudevents-batch+json")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _running.PostAsync("/v1/batch", Event, "application/cloudevents-batch+json")).StatusCode);
        await _running.AppliedAsync(3);
        Assert.Contains("\"spend\":180", await _running.Client.GetStringAsync("/v1/customers/u1"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("hello")]
    [InlineData("{\"a\":NaN}")]
    [InlineData("{\"a\":1} {")]
    public async Task A_body_that_is_no_json_is_refused_as_a_problem(string body)
    {
        HttpResponseMessage answer = await _running.PostAsync("/v1/track", body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        using JsonDocument problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(400, problem.RootElement.GetProperty("status").GetInt32());
        Assert.Equal(0, _running.Service.Log.Last);
    }

    [Fact]
    public async Task A_body_over_500_KiB_is_refused_packed_or_not()
    {
        byte[] large = Encoding.UTF8.GetBytes($"{{\"batch\":[{string.Join(',', Enumerable.Repeat(Order, 6500))}]}}");
        Assert.True(large.Length > 500 * 1024);
        Assert.Equal(HttpStatusCode.BadRequest, (await _running.PostAsync("/v1/batch", large)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _running.PostAsync("/v1/batch", Pack(large), encoding: "gzip")).StatusCode);

        byte[] fits = Encoding.UTF8.GetBytes($"{{\"batch\":[{string.Join(',', Enumerable.Repeat(Order, 5000))}]}}");
        Assert.Equal(HttpStatusCode.OK, (await _running.PostAsync("/v1/batch", Pack(fits), encoding: "gzip")).StatusCode);
        await _running.AppliedAsync(5000);
    }

    [Fact]
    public async Task A_message_too_large_or_too_deep_goes_to_dead_letters_and_its_batch_is_answered_200()
    {
        string large = $$"""{"type":"track","event":"{{new string('x', 40_000)}}","userId":"u1"}""";
        string deep = string.Concat(Enumerable.Repeat("[", 5000)) + string.Concat(Enumerable.Repeat("]", 5000));
        Assert.Equal(HttpStatusCode.OK, (await _running.PostAsync("/v1/batch", $$"""{"batch":[{{large}},{{Order}}]}""")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await _running.PostAsync("/v1/track", $$"""{"type":"track","x":{{deep}}}""")).StatusCode);
        await _running.AppliedAsync(3);
        Assert.Contains("streaminsight_refused_events_total{reason=\"too_large\"} 1\n", await _running.Client.GetStringAsync("/metrics"));
        Assert.Contains("streaminsight_refused_events_total{reason=\"too_deep\"} 1\n", await _running.Client.GetStringAsync("/metrics"));
    }

    [Fact]
    public async Task Garbage_that_says_it_is_gzip_is_refused()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await _running.PostAsync("/v1/track", Encoding.UTF8.GetBytes(Order), encoding: "gzip")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _running.PostAsync("/v1/track", Encoding.UTF8.GetBytes(Order), encoding: "zstd")).StatusCode);
    }

    [Fact]
    public async Task A_browser_may_ask_and_send()
    {
        using var ask = new HttpRequestMessage(HttpMethod.Options, "/v1/track");
        ask.Headers.Add("Origin", "https://shop.example");
        ask.Headers.Add("Access-Control-Request-Method", "POST");
        HttpResponseMessage allowed = await _running.Client.SendAsync(ask);
        Assert.Equal(HttpStatusCode.NoContent, allowed.StatusCode);
        Assert.Equal("*", allowed.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("Content-Type", allowed.Headers.GetValues("Access-Control-Allow-Headers").Single());
        HttpResponseMessage sent = await _running.PostAsync("/v1/track", Order, "text/plain");
        Assert.Equal("*", sent.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    private async Task<DeadLetter> DeadLetterAsync()
    {
        await _running.GetUntilAsync("/health/ready", _ => _running.Service.Queries.ReadDeadLetters(0, 1).Count == 1);
        return _running.Service.Queries.ReadDeadLetters(0, 1)[0];
    }

    private static string Describe(DeadLetter letter) => $"{Events.RefusalReason.Reason(letter.Reason)} {Encoding.UTF8.GetString(letter.Record.Span)}";

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }
}
