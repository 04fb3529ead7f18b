using System.Text.Json;
using StreamInsight.Pipeline;
using StreamInsight.Server.Configuration;
using StreamInsight.Sqlite;

namespace StreamInsight.Server.Http;

/// <summary>
/// <c>POST /v1/dead/requeue</c> with <c>{"numbers":[1,2]}</c>, on a cluster <c>{"numbers":["7/1","7/2"]}</c>: puts these dead letters back to the front door, each once. Answers their numbers
/// in the log, on a cluster their positions in Kafka; 0 = not put back.
/// </summary>
internal sealed class DeadRoute(IDeadLetterReturn letters, ApiKeys keys)
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
            string?[] records = await Task.WhenAll(numbers.Select(letters.ReturnAsync));
            context.Response.ContentType = "application/json";
            await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
            json.WriteStartObject();
            json.WriteStartArray("records");
            foreach (string? record in records)
            {
                if (record is null || record.All(char.IsAsciiDigit))
                    json.WriteRawValue(record ?? "0");
                else
                    json.WriteStringValue(record);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        catch (Exception refused) when (refused is LogRefusedException or DependencyUnavailableException)
        {
            await Problem.WriteAsync(context, 503, "Not stored; send it again.", refused.Message);
        }
    }

    private static DeadLetterId[]? Numbers(byte[] body)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(body);
            DeadLetterId?[] numbers = [.. json.RootElement.GetProperty("numbers").EnumerateArray().Select(number =>
                number.ValueKind == JsonValueKind.String ? DeadLetterId.Parse(number.GetString()!) : new DeadLetterId(null, number.GetInt64()))];
            return numbers.Length is > 0 and <= MaxNumbers && numbers.All(number => number is not null) ? [.. numbers.Select(number => number!.Value)] : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }
}
