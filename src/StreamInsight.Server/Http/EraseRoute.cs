using System.Globalization;
using System.Text.Json;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Erasures;
using StreamInsight.Server.Configuration;

namespace StreamInsight.Server.Http;

/// <summary>
/// <c>DELETE /v1/customers/{id}</c>: erases the customer an id belongs to and answers the receipt: 200 when it is done everywhere, 202 when some place
/// is still to be reached (asked again, it answers the receipt as it is then).
/// </summary>
internal sealed class EraseRoute(IErasures erasures, ApiKeys keys)
{
    public void Map(WebApplication app) => app.MapDelete("/v1/customers/{id}", HandleAsync);

    private async Task HandleAsync(HttpContext context)
    {
        if (!await RequestKey.RequireAsync(context, keys, KeyRole.Admin))
            return;
        string id = QueryRoutes.ThirdPart(context);
        try
        {
            if (await erasures.EraseAsync(id) is { } erasure)
                await WriteReceiptAsync(context, id, erasure, [.. erasures.Elsewhere]);
            else
                await Problem.WriteAsync(context, 404, "No such customer.", "No accepted event has come for this id.");
        }
        catch (DependencyUnavailableException error)
        {
            await Problem.WriteAsync(context, 503, "Cannot be answered now.", error.Message);
        }
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
