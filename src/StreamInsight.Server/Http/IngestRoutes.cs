using System.Text;
using System.Text.Json;
using StreamInsight.Events;
using StreamInsight.Pipeline;
using StreamInsight.Server.Configuration;
using StreamInsight.Sqlite;

namespace StreamInsight.Server.Http;

/// <summary>
/// Events in, as Segment's SDKs and those that speak its language send them, and CloudEvents. The answer is 200 once all of it is durable.
/// </summary>
internal sealed partial class IngestRoutes(IEventIntake intake, ApiKeys keys, string corsOrigin, ILogger logger)
{
    private static readonly byte[] Success = """{"success":true}"""u8.ToArray();

    /// <summary>Paths after <c>/v1/</c> and the type a message gets that names none; null = none.</summary>
    private static readonly (string Path, string? Type)[] Paths =
    [
        ("track", "track"), ("identify", "identify"), ("page", "page"), ("screen", "screen"), ("group", "group"), ("alias", "alias"),
        ("t", "track"), ("i", "identify"), ("p", "page"), ("s", "screen"), ("g", "group"), ("a", "alias"),
        ("batch", null), ("b", null), ("import", null), ("events", null),
    ];

    [ThreadStatic]
    private static MessageBatch? _batch;

    private long _saidAt = -10_000;

    public void Map(WebApplication app)
    {
        foreach ((string path, string? type) in Paths)
        {
            app.MapPost($"/v1/{path}", context => HandleAsync(context, type));
            app.MapMethods($"/v1/{path}", ["OPTIONS"], PreflightAsync);
        }
        // Jitsu's paths.
        foreach (string prefix in (string[])["/api/s", "/api/s/s2s"])
        {
            foreach (string type in (string[])["track", "identify", "page", "screen", "group", "alias"])
            {
                app.MapPost($"{prefix}/{type}", context => HandleAsync(context, type));
                app.MapMethods($"{prefix}/{type}", ["OPTIONS"], PreflightAsync);
            }
        }
        // PostHog's paths.
        foreach (string path in (string[])["/batch", "/capture", "/e", "/i/v0/e"])
        {
            app.MapPost(path, context => HandleAsync(context, PreparePostHog));
            app.MapMethods(path, ["OPTIONS"], PreflightAsync);
        }
    }

    private Task HandleAsync(HttpContext context, string? type) => HandleAsync(context, body => Prepare(body, type, context.Request.ContentType));

    private async Task HandleAsync(HttpContext context, Func<byte[], (byte[]? Record, string? Key, string? Fault)> prepare)
    {
        context.Response.Headers.AccessControlAllowOrigin = corsOrigin;
        (byte[]? body, string? fault) = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        if (body is null)
        {
            await Problem.WriteAsync(context, 400, "The body cannot be used.", fault!);
            return;
        }
        (byte[]? record, string? key, fault) = prepare(body);
        if (!await RequestKey.RequireAsync(context, keys, KeyRole.Write, RequestKey.Of(context.Request) ?? key))
            return;
        if (record is null)
        {
            await Problem.WriteAsync(context, 400, "The body cannot be used.", fault!);
            return;
        }
        try
        {
            await intake.AppendAsync(record);
        }
        catch (Exception refused) when (refused is LogRefusedException or DependencyUnavailableException)
        {
            SayRefused(refused.Message);
            await Problem.WriteAsync(context, 503, "Not stored; send it again.", refused.Message);
            return;
        }
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = Success.Length;
        await context.Response.BodyWriter.WriteAsync(Success);
    }

    /// <summary>Once in ten seconds: when the disk is full, every request is refused.</summary>
    private void SayRefused(string reason)
    {
        long now = Environment.TickCount64;
        long last = Volatile.Read(ref _saidAt);
        if (now - last >= 10_000 && Interlocked.CompareExchange(ref _saidAt, now, last) == last)
            LogRefused(reason);
    }

    /// <summary>The record for the log, and the key the body carries; or what is wrong.</summary>
    private static (byte[]? Record, string? Key, string? Fault) Prepare(byte[] body, string? type, string? contentType)
    {
        MessageBatch batch = _batch ??= new MessageBatch();
        if (contentType?.StartsWith("application/cloudevents-batch+json", StringComparison.OrdinalIgnoreCase) == true)
        {
            return batch.ReadArray(body) == BatchKind.Batch
                ? ([.. """{"batch":"""u8, .. body, .. "}"u8], null, null)
                : (null, null, "A CloudEvents batch is a JSON array.");
        }
        BatchKind kind = batch.Read(body);
        if (kind == BatchKind.NotJson)
            return (null, null, "The body is not JSON in UTF-8.");
        IngestBody top = IngestBody.Read(body);
        return kind == BatchKind.One && top is { IsObject: true, HasType: false } && type is not null
            ? (WithType(body, type), top.WriteKey, null)
            : (body, top.WriteKey, null);
    }

    private static (byte[]? Record, string? Key, string? Fault) PreparePostHog(byte[] body)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 256 });
            byte[]? record = PostHogTranslation.ToBatch(json.RootElement);
            return (record, PostHogTranslation.KeyOf(json.RootElement), record is null ? "The body is none of PostHog's: an event, an array of events, or an object with a batch." : null);
        }
        catch (JsonException error)
        {
            return (null, null, $"The body is not JSON: {error.Message}");
        }
    }

    /// <summary>The path says what the message leaves out; at its end, where it also stands for a null.</summary>
    private static byte[] WithType(byte[] body, string type)
    {
        int close = body.AsSpan().LastIndexOf((byte)'}');
        bool isEmpty = body.AsSpan(0, close).TrimEnd(" \t\r\n"u8)[^1] == (byte)'{';
        byte[] member = Encoding.ASCII.GetBytes($"{(isEmpty ? "" : ",")}\"type\":\"{type}\"");
        return [.. body.AsSpan(0, close), .. member, .. body.AsSpan(close)];
    }

    private Task PreflightAsync(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.AccessControlAllowOrigin = corsOrigin;
        headers.AccessControlAllowMethods = "POST";
        headers.AccessControlAllowHeaders = "Authorization, Content-Type, Content-Encoding, X-Write-Key, AnonymousId";
        headers.AccessControlMaxAge = "86400";
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    [LoggerMessage(EventId = 41, Level = LogLevel.Error, Message = "Events are refused (503): {Reason}")]
    private partial void LogRefused(string reason);
}
