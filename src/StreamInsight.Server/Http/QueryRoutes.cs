using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using StreamInsight.Pipeline;
using StreamInsight.Server.Configuration;
using StreamInsight.Server.Service;

namespace StreamInsight.Server.Http;

/// <summary>Questions about customers, segments, the journey and the model. Profiles are read between two batches; the rest is what is committed.</summary>
internal sealed class QueryRoutes(IInsightQueries queries, LoadedModel model, ApiKeys keys, PersonalData personal)
{
    private const int DefaultPage = 100;
    private const int MaxPage = 10_000;

    public void Map(WebApplication app)
    {
        Get(app, "/v1/customers/{id}", ProfileAsync);
        Get(app, "/v1/customers/{id}/facts", FactsAsync);
        Get(app, "/v1/customers/{id}/explain", ExplainAsync);
        Get(app, "/v1/segments", SegmentsAsync);
        Get(app, "/v1/segments/{name}/members", MembersAsync);
        Get(app, "/v1/journey", JourneyAsync);
        Get(app, "/v1/report", ReportAsync);
        Get(app, "/v1/model", ModelAsync);
    }

    private void Get(WebApplication app, string path, RequestDelegate answer) => app.MapGet(path, async context =>
    {
        if (!await RequestKey.RequireAsync(context, keys, KeyRole.Read))
            return;
        try
        {
            await answer(context);
        }
        catch (DependencyUnavailableException error)
        {
            await Problem.WriteAsync(context, 503, "Cannot be answered now.", error.Message);
        }
    });

    private async Task ProfileAsync(HttpContext context)
    {
        string id = ThirdPart(context);
        byte[]? profile = await queries.ProfileAsync(id);
        if (profile is null)
        {
            await NoCustomerAsync(context);
            return;
        }
        context.Response.ContentType = "application/json";
        await context.Response.BodyWriter.WriteAsync(Unmasked(context) ? profile : personal.MaskProfile(profile));
    }

    /// <summary>As of now by the wall clock, as if nothing happened since the customer's last step.</summary>
    private async Task ExplainAsync(HttpContext context)
    {
        string id = ThirdPart(context);
        byte[]? explanation = await queries.ExplainAsync(id);
        if (explanation is null)
        {
            await NoCustomerAsync(context);
            return;
        }
        context.Response.ContentType = "application/json";
        await context.Response.BodyWriter.WriteAsync(Unmasked(context) ? explanation : personal.MaskExplanation(explanation));
    }

    private async Task FactsAsync(HttpContext context)
    {
        // Facts carry the root's id: the profile tells which customer an id belongs to now.
        byte[]? profile = await queries.ProfileAsync(ThirdPart(context));
        if (profile is null)
        {
            await NoCustomerAsync(context);
            return;
        }
        string customer;
        using (JsonDocument parsed = JsonDocument.Parse(profile))
            customer = parsed.RootElement.GetProperty("customer").GetString()!;
        if (await PageAsync(context) is not { } page || await NumberAsync(context, "before", long.MaxValue, 1, long.MaxValue) is not { } before)
            return;
        IReadOnlyList<OutboxFact> facts = await queries.FactsOfAsync(customer, before, page);
        bool unmasked = Unmasked(context);
        await using Utf8JsonWriter json = Json(context);
        json.WriteStartObject();
        json.WriteString("customer", customer);
        json.WriteStartArray("facts");
        foreach (OutboxFact fact in facts)
            json.WriteRawValue(unmasked ? fact.Line.Span : personal.MaskFact(fact.Line.ToArray()), skipInputValidation: true);
        json.WriteEndArray();
        if (facts.Count == page)
            json.WriteString("next", $"before={facts[^1].Position}");
        json.WriteEndObject();
    }

    private async Task SegmentsAsync(HttpContext context)
    {
        IReadOnlyDictionary<string, SegmentFlow> flows = await queries.SegmentsAsync();
        await using Utf8JsonWriter json = Json(context);
        json.WriteStartObject();
        json.WriteStartArray("segments");
        foreach (string name in model.Compiled.Segments.Select(segment => segment.Name))
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            SegmentFlow flow = flows.GetValueOrDefault(name);
            json.WriteNumber("members", flow.Members);
            json.WriteNumber("entered", flow.Entered);
            json.WriteNumber("left", flow.Left);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private async Task MembersAsync(HttpContext context)
    {
        string name = ThirdPart(context);
        if (!model.Compiled.Segments.Any(segment => segment.Name == name))
        {
            await Problem.WriteAsync(context, 404, "No such segment.", $"The model {model.Compiled.Id} has no segment {name}.");
            return;
        }
        if (await PageAsync(context) is not { } page)
            return;
        IReadOnlyList<(string Customer, long SinceMs)> members = await queries.MembersOfAsync(name, context.Request.Query["after"].ToString(), page);
        await using Utf8JsonWriter json = Json(context);
        json.WriteStartObject();
        json.WriteString("segment", name);
        json.WriteStartArray("members");
        foreach ((string customer, long sinceMs) in members)
        {
            json.WriteStartObject();
            json.WriteString("customer", customer);
            json.WriteString("since", DateTimeOffset.FromUnixTimeMilliseconds(sinceMs).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (members.Count == page)
            json.WriteString("next", $"after={Uri.EscapeDataString(members[^1].Customer)}");
        json.WriteEndObject();
    }

    private async Task JourneyAsync(HttpContext context)
    {
        if (model.Compiled.Definition.Journey is not { } journey)
        {
            await Problem.WriteAsync(context, 404, "No journey.", $"The model {model.Compiled.Id} has no journey.");
            return;
        }
        IReadOnlyDictionary<string, long> counts = await queries.StagesAsync();
        await using Utf8JsonWriter json = Json(context);
        json.WriteStartObject();
        json.WriteString("initial", journey.Initial);
        json.WriteStartArray("stages");
        foreach (string stage in journey.Stages)
        {
            json.WriteStartObject();
            json.WriteString("name", stage);
            json.WriteNumber("customers", counts.GetValueOrDefault(stage));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>What became of every action, and how the scores do.</summary>
    private async Task ReportAsync(HttpContext context)
    {
        byte[] report = await queries.ReportAsync();
        context.Response.ContentType = "application/json";
        await context.Response.BodyWriter.WriteAsync(report);
    }

    private async Task ModelAsync(HttpContext context)
    {
        context.Response.ContentType = "application/yaml; charset=utf-8";
        context.Response.Headers.ETag = $"\"{model.Compiled.Id}\"";
        await context.Response.BodyWriter.WriteAsync(model.Text);
    }

    private bool Unmasked(HttpContext context) => RequestKey.AsksUnmasked(context, keys);

    private static Task NoCustomerAsync(HttpContext context) =>
        Problem.WriteAsync(context, 404, "No such customer.", "No accepted event has come for this id, or it was erased.");

    /// <summary>The third part of the path as it was sent: routing leaves a slash in an id escaped, and so could not tell it from an id with "%2F" in it.</summary>
    internal static string ThirdPart(HttpContext context)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        string[] parts = target.Split('?')[0].Split('/');
        return Uri.UnescapeDataString(parts[3]);
    }

    private static async ValueTask<int?> PageAsync(HttpContext context) => (int?)await NumberAsync(context, "limit", DefaultPage, 1, MaxPage);

    private static async ValueTask<long?> NumberAsync(HttpContext context, string name, long otherwise, long min, long max)
    {
        string? given = context.Request.Query[name];
        if (given is null)
            return otherwise;
        if (long.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number >= min && number <= max)
            return number;
        await Problem.WriteAsync(context, 400, "A query parameter cannot be used.", $"{name}: a whole number from {min} to {max} is allowed.");
        return null;
    }

    private static Utf8JsonWriter Json(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        return new Utf8JsonWriter(context.Response.BodyWriter, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
