using System.Globalization;
using System.Text.Json;
using StreamInsight.Pipeline;
using StreamInsight.Server.Configuration;
using StreamInsight.Server.Service;
using StreamInsight.Webhooks;

namespace StreamInsight.Server.Http;

/// <summary><c>GET /v1/subscribers</c>: how webhooks stand, breaker and problem as this process sees them; <c>GET /v1/subscribers/{name}/undelivered</c>: the triggers that were given up.</summary>
/// <param name="behind">Committed facts that were not looked at for a subscriber yet.</param>
internal sealed class SubscriberRoutes(WebhookService webhooks, Func<WebhookChannel, Task<long>> behind, ApiKeys keys)
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
        long[] waiting;
        try
        {
            waiting = await Task.WhenAll(webhooks.Channels.Select(behind));
        }
        catch (DependencyUnavailableException error)
        {
            await Problem.WriteAsync(context, 503, "Cannot be answered now.", error.Message);
            return;
        }
        await using Utf8JsonWriter json = Json(context);
        json.WriteStartObject();
        json.WriteStartArray("subscribers");
        foreach ((WebhookChannel channel, long facts) in webhooks.Channels.Zip(waiting))
        {
            json.WriteStartObject();
            json.WriteString("name", channel.Subscriber);
            json.WriteString("state", channel.State.ToString().ToLowerInvariant());
            json.WriteNumber("behind", facts);
            json.WriteString("problem", channel.Problem);
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
        IReadOnlyList<(long Number, UndeliveredFact Fact)> found;
        try
        {
            found = webhooks.Undelivered.Read(name, after, MaxPage);
        }
        catch (DependencyUnavailableException error)
        {
            await Problem.WriteAsync(context, 503, "Cannot be answered now.", error.Message);
            return;
        }
        await using Utf8JsonWriter json = Json(context);
        json.WriteStartObject();
        json.WriteString("subscriber", name);
        json.WriteStartArray("undelivered");
        foreach ((long number, UndeliveredFact fact) in found)
        {
            json.WriteStartObject();
            json.WriteNumber("number", number);
            json.WriteString("reason", fact.Reason);
            json.WriteString("at", DateTimeOffset.FromUnixTimeMilliseconds(fact.AtMs).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WritePropertyName("fact");
            json.WriteRawValue(fact.Line.Span, skipInputValidation: true);
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
