using System.Buffers;
using System.Text.Json;
using StreamInsight.Pipeline;
using StreamInsight.Server.Configuration;
using StreamInsight.Server.Service;
using StreamInsight.Sqlite;

namespace StreamInsight.Server.Http;

/// <summary>
/// <c>POST /v1/decide</c> ranks the actions of a customer for a channel now and holds the first one's place in the caps; <c>GET /v1/decisions/{id}</c> gives a decision's record.
/// Deciding changes what the customer may be offered next, so it needs a write key.
/// </summary>
internal sealed class DecideRoutes(IDecisionDesk desk, IInsightQueries queries, LoadedModel model, ApiKeys keys, PersonalData personal)
{
    /// <summary>Of a record, what is answered, in this order.</summary>
    private static readonly string[] Answered = ["decision", "customer", "channel", "at", "actions", "reserved", "reserved_until", "routing", "model"];

    public void Map(WebApplication app)
    {
        app.MapPost("/v1/decide", DecideAsync);
        app.MapGet("/v1/decisions/{id}", RecordAsync);
    }

    private async Task DecideAsync(HttpContext context)
    {
        if (!await RequestKey.RequireAsync(context, keys, KeyRole.Write))
            return;
        (byte[]? body, string? fault) = await RequestBody.ReadAsync(context.Request, context.RequestAborted);
        (DecideBody? asked, fault) = body is null ? (null, fault) : DecideBody.Read(body, model.Compiled.Channels);
        if (asked is null)
        {
            await Problem.WriteAsync(context, 400, "The body cannot be used.", fault!);
            return;
        }
        if (model.Compiled.Actions.Count == 0)
        {
            await Problem.WriteAsync(context, 404, "Nothing to decide.", $"The model {model.Compiled.Id} has no actions.");
            return;
        }
        try
        {
            byte[]? record = await desk.DecideAsync(asked.Decision, asked.Customer, asked.Channel, asked.Top);
            if (record is null)
                await Problem.WriteAsync(context, 409, "Not decided.", $"The question was refused: customer {asked.Customer} was erased, or the decision {asked.Decision} was asked for before and is not kept any more.");
            else
                await AnswerAsync(context, record);
        }
        catch (TimeoutException)
        {
            await Problem.WriteAsync(context, 503, "Not decided in time.", $"Nothing was heard within {DecisionDesk.Patience.TotalSeconds:0} s. What may be reserved yet is released by itself; ask again, or with the same decision to learn what came of it.");
        }
        catch (Exception error) when (error is LogRefusedException or DependencyUnavailableException)
        {
            await Problem.WriteAsync(context, 503, "Cannot be decided now.", error.Message);
        }
    }

    private async Task RecordAsync(HttpContext context)
    {
        if (!await RequestKey.RequireAsync(context, keys, KeyRole.Read))
            return;
        string id = QueryRoutes.ThirdPart(context);
        if (await queries.DecisionAsync(id) is not { } record)
        {
            await Problem.WriteAsync(context, 404, "No such decision.", "No decision was made under this id, or its record is not kept any more.");
            return;
        }
        context.Response.ContentType = "application/json";
        await context.Response.BodyWriter.WriteAsync(RequestKey.AsksUnmasked(context, keys) ? record : personal.MaskExplanation(record));
    }

    private static async Task AnswerAsync(HttpContext context, byte[] record)
    {
        using JsonDocument parsed = JsonDocument.Parse(record);
        var answer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(answer))
        {
            json.WriteStartObject();
            foreach (string member in Answered)
            {
                json.WritePropertyName(member);
                json.WriteRawValue(parsed.RootElement.GetProperty(member).GetRawText(), skipInputValidation: true);
            }
            json.WriteEndObject();
        }
        context.Response.ContentType = "application/json";
        await context.Response.BodyWriter.WriteAsync(answer.WrittenMemory);
    }
}
