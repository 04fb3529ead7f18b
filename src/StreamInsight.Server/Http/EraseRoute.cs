using System.Globalization;
using System.Text.Json;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Erasures;
using StreamInsight.Server.Configuration;
using StreamInsight.Server.Service;

namespace StreamInsight.Server.Http;

/// <summary>
/// <c>DELETE /v1/customers/{id}</c>: erases the customer an id belongs to and answers the receipt: 200 when it is done everywhere, 202 when some place
/// is still to be reached (asked again, it answers the receipt as it is then).
/// </summary>
internal sealed class EraseRoute(InsightService service, ApiKeys keys)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    public void Map(WebApplication app) => app.MapDelete("/v1/customers/{id}", HandleAsync);

    private async Task HandleAsync(HttpContext context)
    {
        if (!await RequestKey.RequireAsync(context, keys, KeyRole.Admin))
            return;
        string id = QueryRoutes.ThirdPart(context);
        try
        {
            bool isCaughtUp = await CatchUpAsync();
            if (await service.Pipeline.EraseAsync(id, Patience) is { } erasure)
                await WriteReceiptAsync(context, id, erasure, [.. Elsewhere()]);
            else if (isCaughtUp)
                await Problem.WriteAsync(context, 404, "No such customer.", "No accepted event has come for this id.");
            else
                await Problem.WriteAsync(context, 503, "Cannot be answered now.", "Nothing is known of this id yet, but events wait to be applied. Try again in a second.");
        }
        catch (DependencyUnavailableException error)
        {
            await Problem.WriteAsync(context, 503, "Cannot be answered now.", error.Message);
        }
    }

    /// <summary>What was acknowledged before the order is applied before it, unless much waits.</summary>
    private async Task<bool> CatchUpAsync()
    {
        long last = service.Log.Last;
        long until = Environment.TickCount64 + 400;
        while (service.Log.LastApplied < last && Environment.TickCount64 < until)
            await Task.Delay(1);
        return service.Log.LastApplied >= last;
    }

    /// <summary>What nobody can take records out of.</summary>
    private IEnumerable<string> Elsewhere()
    {
        if (service.Kafka is { } kafka)
            yield return $"Kafka topics ({kafka.EventsTopic}, {kafka.DeadTopic}, facts): until their retention ends";
        if (service.FactsFile is { } file)
            yield return $"{file}: lines that were written";
    }

    private static async Task WriteReceiptAsync(HttpContext context, string id, Erasure erasure, IReadOnlyList<string> elsewhere)
    {
        context.Response.StatusCode = erasure.IsDone ? StatusCodes.Status200OK : StatusCodes.Status202Accepted;
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("customer", id);
        json.WriteString("erased_at", Instant(erasure.AtMs));
        json.WriteString("refused_until", Instant(erasure.UntilMs));
        json.WriteString("status", erasure.IsDone ? "done" : "pending");
        json.WriteStartObject("removed");
        foreach ((string store, long count) in erasure.Removed)
            json.WriteNumber(store, count);
        json.WriteEndObject();
        WriteList(json, "pending", erasure.Pending);
        WriteList(json, "not_removed", elsewhere);
        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string> items)
    {
        json.WriteStartArray(name);
        foreach (string item in items)
            json.WriteStringValue(item);
        json.WriteEndArray();
    }

    private static string Instant(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
