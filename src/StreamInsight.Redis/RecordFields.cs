using System.Buffers;
using System.Text;
using StackExchange.Redis;
using StreamInsight.Decisions;
using StreamInsight.Facts;
using StreamInsight.Pipeline;
using StreamInsight.Routing;

namespace StreamInsight.Redis;

/// <summary>
/// A customer's record as fields and values: what a router compares is plain text, lists are JSON. Without <c>seq</c>, which the script writes.
/// </summary>
internal static class RecordFields
{
    private static readonly ConnectAdapter Connect = new();
    private static readonly GenesysAdapter Genesys = new();
    private static readonly TaskRouterAdapter TaskRouter = new();

    public static List<RedisValue> Of(CustomerView view, long nowMs)
    {
        List<RedisValue> fields =
        [
            "segments", Texts(view.Segments),
            "event_time", InstantText.Of(view.ClockMs),
            "decided_at", InstantText.Of(nowMs),
            "model", view.Model,
        ];
        if (view.Stage is { } stage)
            fields.AddRange(["stage", stage]);
        if (view.Routing is { } routing)
            AddRouting(fields, view, routing);
        return fields;
    }

    private static void AddRouting(List<RedisValue> fields, CustomerView view, RoutingDecision routing)
    {
        ConnectRouting connect = Connect.Of(routing.Score);
        fields.AddRange(
        [
            "score", Number(routing.Score),
            "reasons", Texts(routing.Reasons),
            "skills", Texts(routing.Skills),
            "actions", Written(json => DecisionWriter.WriteActions(view.Actions, json)),
            "valid_until", InstantText.Of(routing.ValidUntilMs),
            "connect", $"{{\"priority\":{connect.Priority},\"age_seconds\":{connect.AgeSeconds}}}",
            "genesys", Genesys.Points(routing.Score),
            "taskrouter", TaskRouter.Priority(routing.Score),
        ]);
        if (routing.Queue is { } queue)
            fields.AddRange(["queue", queue]);
        if (routing.Agent is { } agent)
            fields.AddRange(["agent", agent]);
    }

    public static string Number(double number) => Written(json => Json.WriteDouble(json, number));

    private static string Texts(IReadOnlyList<string> texts) => Written(json =>
    {
        Json.WriteRaw(json, "["u8);
        for (int i = 0; i < texts.Count; i++)
        {
            if (i > 0)
                Json.WriteRaw(json, ","u8);
            Json.WriteString(json, texts[i]);
        }
        Json.WriteRaw(json, "]"u8);
    });

    private static string Written(Action<ArrayBufferWriter<byte>> write)
    {
        var json = new ArrayBufferWriter<byte>();
        write(json);
        return Encoding.UTF8.GetString(json.WrittenSpan);
    }
}
