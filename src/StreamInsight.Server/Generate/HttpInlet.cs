using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using StreamInsight.Pipeline;
using StreamInsight.Server.Demo;

namespace StreamInsight.Server.Generate;

/// <summary>By HTTP, as Segment's SDKs do: <c>POST /v1/batch</c>. What is no JSON is left out: it would spoil the batch it travels in.</summary>
internal sealed class HttpInlet : IDemoInlet
{
    /// <summary>The service takes 500 KiB a request.</summary>
    private const int MostBytes = 400 << 10;
    private const int MostDeep = 64;

    private readonly HttpClient _client;

    public HttpInlet(Uri service, string? key, HttpMessageHandler? handler = null)
    {
        _client = new HttpClient(handler ?? new SocketsHttpHandler()) { BaseAddress = service, Timeout = TimeSpan.FromSeconds(30) };
        if (!string.IsNullOrEmpty(key))
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{key}:")));
    }

    public async Task SendAsync(IReadOnlyList<SimulatedMessage> messages, long dateMs, CancellationToken cancel)
    {
        var body = new MemoryStream();
        foreach (SimulatedMessage message in messages)
        {
            if (!IsJson(message.Json))
                continue;
            if (body.Length + message.Json.Length > MostBytes)
                await PostAsync(body, cancel);
            body.Write(body.Length == 0 ? "{\"batch\":["u8 : ","u8);
            body.Write(message.Json.Span);
        }
        if (body.Length > 0)
            await PostAsync(body, cancel);
    }

    public void Dispose() => _client.Dispose();

    private static bool IsJson(ReadOnlyMemory<byte> text)
    {
        try
        {
            using JsonDocument _ = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MostDeep });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private async Task PostAsync(MemoryStream body, CancellationToken cancel)
    {
        body.Write("]}"u8);
        using var content = new ByteArrayContent(body.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        body.SetLength(0);
        try
        {
            using HttpResponseMessage answer = await _client.PostAsync("v1/batch", content, cancel);
            if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
                throw new WrongInputException($"{_client.BaseAddress} wants a write key: give --key or set STREAMINSIGHT_KEY.");
            if (answer.StatusCode == HttpStatusCode.BadRequest)
                throw new InvalidOperationException($"{_client.BaseAddress} refused a batch: {await answer.Content.ReadAsStringAsync(cancel)}");
            if (answer.StatusCode != HttpStatusCode.OK)
                throw new DependencyUnavailableException($"{_client.BaseAddress} answered {(int)answer.StatusCode} {answer.ReasonPhrase}; trying again.");
        }
        catch (HttpRequestException error)
        {
            throw new DependencyUnavailableException($"No service answers at {_client.BaseAddress} ({error.Message}); trying again.", error);
        }
        catch (OperationCanceledException error) when (!cancel.IsCancellationRequested)
        {
            throw new DependencyUnavailableException($"{_client.BaseAddress} did not answer within 30 s; trying again.", error);
        }
    }
}
