using System.Globalization;
using System.Text.Json;
using StreamInsight.Server.Configuration;
using StreamInsight.Server.Service;
using StreamInsight.Webhooks;

namespace StreamInsight.Server.Http;

/// <summary><c>GET /v1/subscribers</c>: how webhooks stand; <c>GET /v1/subscribers/{name}/undelivered</c>: the triggers that were given up.</summary>
internal sealed class SubscriberRoutes(InsightService service, ApiKeys keys)
{
    private const int MaxPage = 1000;

    public void Map(WebApplication app)
    {
        app.MapGet("/v1/subscribers", ListAsync);
        app.MapGet("/v1/subscribers/{name}/undelivered", UndeliveredAsync);
    }

    private async Task ListAsync(HttpContext context)
    {
        if (!await RequestKey.RequireAsync(context, keys, KeyRole.Read))
            return;
        await using Utf8JsonWriter json = Json(context);
        json.WriteStartObject();
        json.WriteStartArray("subscribers");
        foreach (WebhookSink sink in service.Webhooks.Sinks)
        {
            json.WriteStartObject();
            json.WriteString("name", sink.Subscriber);
            json.WriteString("state", sink.State.ToString().ToLowerInvariant());
            json.WriteNumber("behind", sink.Behind);
            json.WriteString("problem", sink.Problem);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Admin only: fact lines as they are.</summary>
    private async Task UndeliveredAsync(HttpContext context)
    {
        if (!await RequestKey.RequireAsync(context, keys, KeyRole.Admin))
            return;
        string name = (string)context.Request.RouteValues["name"]!;
        string? given = context.Request.Query["after"];
        if (!long.TryParse(given ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out long after))
        {
            await Problem.WriteAsync(context, 400, "A query parameter cannot be used.", "after: a whole number is allowed.");
            return;
        }
        var found = service.Webhooks.Undelivered.Read(name, after, MaxPage);
        await using Utf8JsonWriter json = Json(context);
        json.WriteStartObject();
        json.WriteString("subscriber", name);
        json.WriteStartArray("undelivered");
        foreach (var fact in found)
        {
            json.WriteStartObject();
            json.WriteNumber("number", fact.Number);
            json.WriteString("reason", fact.Reason);
            json.WriteString("at", DateTimeOffset.FromUnixTimeMilliseconds(fact.AtMs).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WritePropertyName("fact");
            json.WriteRawValue(fact.Line, skipInputValidation: true);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (found.Count == MaxPage)
            json.WriteString("next", $"after={found[^1].Number}");
        json.WriteEndObject();
    }

    private static Utf8JsonWriter Json(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        return new Utf8JsonWriter(context.Response.BodyWriter);
    }
}
