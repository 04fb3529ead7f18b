using System.Text.Json;

namespace StreamInsight.Cluster.Tests;

/// <summary>The facts of a stream of server-sent events as a browser would see them.</summary>
internal sealed class FactEvents(HttpResponseMessage answer, StreamReader lines) : IDisposable
{
    /// <summary>The id of the last event that was read.</summary>
    public string LastId { get; private set; } = "";

    public static async Task<FactEvents> OpenAsync(HttpClient node, string query = "", string? lastId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/facts/stream" + query);
        if (lastId is not null)
            request.Headers.Add("Last-Event-ID", lastId);
        HttpResponseMessage answer = await node.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(answer.IsSuccessStatusCode, await Said(answer));
        var events = new FactEvents(answer, new StreamReader(await answer.Content.ReadAsStreamAsync()));
        Assert.StartsWith(":", await events.LineAsync());
        return events;
    }

    /// <summary>The next fact; fails on a gap.</summary>
    public async Task<JsonElement> NextAsync()
    {
        string kind = "", id = "";
        while (true)
        {
            string line = await LineAsync();
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                id = line[4..];
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
                kind = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                Assert.True(kind != "gap", $"a gap at {id}: {line}");
                LastId = id;
                using JsonDocument fact = JsonDocument.Parse(line[6..]);
                return fact.RootElement.Clone();
            }
        }
    }

    public async Task<List<JsonElement>> NextAsync(int facts)
    {
        var read = new List<JsonElement>();
        while (read.Count < facts)
            read.Add(await NextAsync());
        return read;
    }

    public void Dispose()
    {
        lines.Dispose();
        answer.Dispose();
    }

    private async Task<string> LineAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await lines.ReadLineAsync(patience.Token) ?? throw new EndOfStreamException();
    }

    private static async Task<string> Said(HttpResponseMessage answer) => answer.IsSuccessStatusCode ? "" : await answer.Content.ReadAsStringAsync();
}
