using System.Text.Json;
using StreamInsight.Server.Configuration;
using StreamInsight.Sqlite;

namespace StreamInsight.Server.Http;

/// <summary><c>POST /v1/dead/requeue</c> with <c>{"numbers":[1,2]}</c>: puts these dead letters back into the log, each once. Answers their numbers in the log, 0 = not put back.</summary>
internal sealed class DeadRoute(SqliteLog log, ApiKeys keys)
{
    private const int MaxNumbers = 10_000;

    public void Map(WebApplication app) => app.MapPost("/v1/dead/requeue", HandleAsync);

    private async Task HandleAsync(HttpContext context)
    {
        if (!await RequestKey.RequireAsync(context, keys, KeyRole.Admin))
            return;
        (byte[]? body, string? fault) = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        if (body is null || Numbers(body) is not { } numbers)
        {
            await Problem.WriteAsync(context, 400, "The body cannot be used.", fault ?? $"Send {{\"numbers\":[1,2]}}, at most {MaxNumbers} numbers of dead letters.");
            return;
        }
        try
        {
            long[] records = await Task.WhenAll(numbers.Select(number => log.RequeueAsync(number).AsTask()));
            context.Response.ContentType = "application/json";
            await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
            json.WriteStartObject();
            json.WriteStartArray("records");
            foreach (long record in records)
                json.WriteNumberValue(record);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        catch (LogRefusedException refused)
        {
            await Problem.WriteAsync(context, 503, "Not stored; send it again.", refused.Message);
        }
    }

    private static long[]? Numbers(byte[] body)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(body);
            long[] numbers = [.. json.RootElement.GetProperty("numbers").EnumerateArray().Select(number => number.GetInt64())];
            return numbers.Length is > 0 and <= MaxNumbers ? numbers : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }
}
