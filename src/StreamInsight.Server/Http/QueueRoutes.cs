using System.Globalization;
using System.Text.Json;
using StreamInsight.Decisions;
using StreamInsight.Pipeline;
using StreamInsight.Server.Configuration;
using StreamInsight.Server.Service;
using StreamInsight.Sqlite;

namespace StreamInsight.Server.Http;

/// <summary>
/// <c>GET /v1/queues</c> and <c>/v1/queues/{name}</c>: who is for which queue, the highest score first, and how the queue stands; <c>PUT /v1/queues/{name}/state</c> tells how
/// it stands: a message of the log like any other.
/// </summary>
internal sealed class QueueRoutes(IInsightQueries queries, IEventIntake intake, LoadedModel loaded, ApiKeys keys, TimeProvider time)
{
    private const int DefaultPage = 100, MaxPage = 10_000;

    public void Map(WebApplication app)
    {
        app.MapGet("/v1/queues", context => ReadAsync(context, ListAsync));
        app.MapGet("/v1/queues/{name}", context => ReadAsync(context, QueueAsync));
        app.MapPut("/v1/queues/{name}/state", PutStateAsync);
    }

    private async Task ReadAsync(HttpContext context, RequestDelegate answer)
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
    }

    private async Task ListAsync(HttpContext context)
    {
        IReadOnlyList<(string Queue, long Customers)> queues = await queries.QueuesAsync();
        await using Utf8JsonWriter json = Json(context);
        json.WriteStartObject();
        json.WriteStartArray("queues");
        foreach ((string queue, long customers) in queues)
        {
            json.WriteStartObject();
            json.WriteString("name", queue);
            json.WriteNumber("customers", customers);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private async Task QueueAsync(HttpContext context)
    {
        string name = QueryRoutes.ThirdPart(context);
        CompiledModel model = loaded.Compiled;
        if (model.Definition.Routing is null && model.Definition.Queues.All(queue => queue.Name != name))
        {
            await Problem.WriteAsync(context, 404, "No such queue.", $"The model {model.Id} routes nothing and has no queue {name}.");
            return;
        }
        if (!TryPage(context, out int page, out double afterScore, out string afterCustomer))
        {
            await Problem.WriteAsync(context, 400, "A query parameter cannot be used.", $"limit: a whole number from 1 to {MaxPage} is allowed; after: what the last answer gave as next.");
            return;
        }
        QueueState? state = await queries.QueueStateAsync(name);
        IReadOnlyList<(string Customer, double Score)> customers = await queries.QueueAsync(name, afterScore, afterCustomer, page);
        await using Utf8JsonWriter json = Json(context);
        json.WriteStartObject();
        json.WriteString("queue", name);
        WriteState(json, state);
        json.WriteStartArray("customers");
        foreach ((string customer, double score) in customers)
        {
            json.WriteStartObject();
            json.WriteString("customer", customer);
            json.WriteNumber("score", score);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (customers.Count == page)
            json.WriteString("next", $"after={Uri.EscapeDataString($"{customers[^1].Score.ToString("R", CultureInfo.InvariantCulture)}:{customers[^1].Customer}")}");
        json.WriteEndObject();
    }

    private async Task PutStateAsync(HttpContext context)
    {
        if (!await RequestKey.RequireAsync(context, keys, KeyRole.Write))
            return;
        string name = QueryRoutes.ThirdPart(context);
        CompiledModel model = loaded.Compiled;
        if (model.Definition.Queues.All(queue => queue.Name != name))
        {
            string known = model.Definition.Queues.Count == 0 ? "names no queues" : $"has the queues {string.Join(", ", model.Definition.Queues.Select(queue => queue.Name))}";
            await Problem.WriteAsync(context, 404, "No such queue.", $"The model {model.Id} {known}.");
            return;
        }
        (byte[]? body, string? fault) = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        (byte[]? message, fault) = body is null ? (null, fault) : QueueStateBody.ToMessage(body, name, time.GetUtcNow());
        if (message is null)
        {
            await Problem.WriteAsync(context, 400, "The body cannot be used.", fault!);
            return;
        }
        try
        {
            await intake.AppendAsync(message);
        }
        catch (Exception refused) when (refused is LogRefusedException or DependencyUnavailableException)
        {
            await Problem.WriteAsync(context, 503, "Not stored; send it again.", refused.Message);
            return;
        }
        context.Response.ContentType = "application/json";
        await context.Response.BodyWriter.WriteAsync("""{"success":true}"""u8.ToArray());
    }

    private static void WriteState(Utf8JsonWriter json, QueueState? state)
    {
        if (state is not { } known)
        {
            json.WriteNull("state");
            return;
        }
        json.WriteStartObject("state");
        json.WriteString("at", DateTimeOffset.FromUnixTimeMilliseconds(known.AtMs).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        Number(json, "waiting", known.Waiting);
        Number(json, "longest_wait_seconds", known.LongestWait);
        Number(json, "service_level", known.ServiceLevel);
        Number(json, "agents_free", known.AgentsFree);
        json.WriteEndObject();
    }

    private static void Number(Utf8JsonWriter json, string name, double? number)
    {
        if (number is { } known)
            json.WriteNumber(name, known);
        else
            json.WriteNull(name);
    }

    private static bool TryPage(HttpContext context, out int page, out double afterScore, out string afterCustomer)
    {
        page = DefaultPage;
        afterScore = double.PositiveInfinity;
        afterCustomer = "";
        string? limit = context.Request.Query["limit"], after = context.Request.Query["after"];
        if (limit is not null && !(int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out page) && page is >= 1 and <= MaxPage))
            return false;
        if (after is null)
            return true;
        int colon = after.IndexOf(':');
        afterCustomer = after[(colon + 1)..];
        return colon > 0 && double.TryParse(after[..colon], NumberStyles.Float, CultureInfo.InvariantCulture, out afterScore);
    }

    private static Utf8JsonWriter Json(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        return new Utf8JsonWriter(context.Response.BodyWriter, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
