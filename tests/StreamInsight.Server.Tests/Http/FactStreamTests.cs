using System.Net;
using StreamInsight.Server.Tests.Setting;

namespace StreamInsight.Server.Tests.Http;

public sealed class FactStreamTests : IAsyncLifetime
{
    private RunningService _running = null!;

    public async Task InitializeAsync() => _running = await RunningService.StartAsync();

    public async Task DisposeAsync() => await _running.DisposeAsync();

    [Fact]
    public async Task Facts_stream_as_they_are_committed()
    {
        using StreamReader stream = await OpenAsync("/v1/facts/stream");
        await OrderAsync("u1");
        Assert.Equal(["1 stage_changed", "2 segment_entered", "3 trigger"], await ReadAsync(stream, 3));
    }

    [Fact]
    public async Task A_stream_resumes_after_the_last_event_id()
    {
        await OrderAsync("u1");
        await _running.GetUntilAsync("/v1/segments", text => text.Contains("\"members\":1"));
        using StreamReader stream = await OpenAsync("/v1/facts/stream", lastEventId: "1");
        Assert.Equal(["2 segment_entered", "3 trigger"], await ReadAsync(stream, 2));
        await OrderAsync("u2");
        Assert.Equal(["4 stage_changed"], await ReadAsync(stream, 1));
    }

    [Fact]
    public async Task A_stream_may_begin_with_the_facts_before_now()
    {
        await OrderAsync("u1");
        await _running.GetUntilAsync("/v1/segments", text => text.Contains("\"members\":1"));
        using StreamReader two = await OpenAsync("/v1/facts/stream?last=2");
        Assert.Equal(["2 segment_entered", "3 trigger"], await ReadAsync(two, 2));
        using StreamReader all = await OpenAsync("/v1/facts/stream?last=500&kind=trigger");
        Assert.Equal(["3 trigger"], await ReadAsync(all, 1));
        using StreamReader resumed = await OpenAsync("/v1/facts/stream?last=2", lastEventId: "1");
        Assert.Equal(["2 segment_entered"], await ReadAsync(resumed, 1));
        Assert.Equal(HttpStatusCode.BadRequest, (await _running.Client.GetAsync("/v1/facts/stream?last=10001")).StatusCode);
    }

    [Fact]
    public async Task A_stream_may_be_filtered()
    {
        using StreamReader bySegment = await OpenAsync("/v1/facts/stream?segment=big");
        using StreamReader byTrigger = await OpenAsync("/v1/facts/stream?trigger=big_in");
        using StreamReader byKind = await OpenAsync("/v1/facts/stream?kind=stage_changed&customer=u2");
        await OrderAsync("u1");
        await OrderAsync("u2");
        Assert.Equal(["2 segment_entered", "5 segment_entered"], await ReadAsync(bySegment, 2));
        Assert.Equal(["3 trigger", "6 trigger"], await ReadAsync(byTrigger, 2));
        Assert.Equal(["4 stage_changed"], await ReadAsync(byKind, 1));
        Assert.Equal(HttpStatusCode.BadRequest, (await _running.Client.GetAsync("/v1/facts/stream?kind=nope")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _running.Client.GetAsync("/v1/facts/stream?after=x")).StatusCode);
    }

    [Fact]
    public async Task What_is_no_longer_kept_is_told_and_not_passed_over()
    {
        await using RunningService running = await RunningService.StartAsync(options => options with { Worker = options.Worker with { FactHistory = 0 } });
        for (int i = 0; i < 10; i++)
            await running.PostAsync("/v1/track", $$"""{"event":"Order Completed","userId":"u{{i}}","properties":{"total":150} }""");
        await running.GetUntilAsync("/v1/segments", text => text.Contains("\"members\":10"));
        // Only a restart forgets what is still in memory.
        await running.RestartAsync();
        await running.PostAsync("/v1/track", """{"event":"Order Completed","userId":"last","properties":{"total":150} }""");
        await running.GetUntilAsync("/v1/segments", text => text.Contains("\"members\":11"));

        using StreamReader stream = await OpenAsync("/v1/facts/stream", lastEventId: "1", running);
        string first = (await ReadAsync(stream, 1))[0];
        Assert.EndsWith(" gap", first);
        using StreamReader ahead = await OpenAsync("/v1/facts/stream", lastEventId: "99999", running);
        Assert.Equal(["33 gap"], await ReadAsync(ahead, 1));
    }

    [Fact]
    public async Task Only_so_many_streams_may_be_open()
    {
        await using RunningService running = await RunningService.StartAsync(options => options with { Http = options.Http with { MaxStreams = 1 } });
        using (await OpenAsync("/v1/facts/stream", null, running))
        {
            using HttpResponseMessage second = await running.Client.GetAsync("/v1/facts/stream");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
            Assert.NotNull(second.Headers.RetryAfter);
        }
    }

    [Fact]
    public async Task Streams_end_when_the_service_stops()
    {
        using StreamReader stream = await OpenAsync("/v1/facts/stream");
        await _running.Service.StopAsync();
        while (await stream.ReadLineAsync() is not null)
        {
        }
    }

    private async Task<StreamReader> OpenAsync(string path, string? lastEventId = null, RunningService? of = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        HttpResponseMessage answer = await (of ?? _running).Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.StartsWith(":", await reader.ReadLineAsync());
        return reader;
    }

    private static async Task<List<string>> ReadAsync(StreamReader stream, int events)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var read = new List<string>();
        string id = "";
        while (read.Count < events)
        {
            string line = await stream.ReadLineAsync(patience.Token) ?? throw new EndOfStreamException();
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                id = line[4..];
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                read.Add($"{id} {line[7..]}");
        }
        return read;
    }

    private Task OrderAsync(string id) => _running.PostAsync("/v1/track", $$"""{"event":"Order Completed","userId":"{{id}}","properties":{"total":150} }""");
}
