using System.Globalization;
using System.Text;
using System.Text.Json;

namespace StreamInsight.Server.Commands;

/// <summary>An explanation as text for people.</summary>
internal static class ExplanationText
{
    public static string Of(byte[] json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Text(root, "customer")} at {Text(root, "at")}, {Text(root, "seq")} facts; looked at again: {Text(root, "next_timer") ?? "only when something happens"}\n");

        text.Append("\nfeatures\n");
        foreach (JsonProperty feature in root.GetProperty("features").EnumerateObject())
            text.Append(CultureInfo.InvariantCulture, $"  {feature.Name,-20} {feature.Value.GetProperty("value").GetRawText(),-28} {Coverage(feature.Value)}\n");

        if (root.GetProperty("journey") is { ValueKind: JsonValueKind.Object } journey)
        {
            text.Append(CultureInfo.InvariantCulture, $"\njourney: {Text(journey, "stage")} since {Text(journey, "entered_at")}, before: {Text(journey, "previous") ?? "nothing"}\n");
            foreach (JsonElement transition in journey.GetProperty("open").EnumerateArray())
            {
                text.Append(CultureInfo.InvariantCulture, $"  → {Text(transition, "to")}");
                if (Text(transition, "not_before") is { } earliest)
                    text.Append(CultureInfo.InvariantCulture, $", not before {earliest}");
                if (transition.GetProperty("closed").GetBoolean())
                    text.Append(", closed until something happens");
                text.Append('\n');
                Condition(text, "when", transition.GetProperty("when"));
            }
        }

        text.Append("\nsegments\n");
        foreach (JsonProperty segment in root.GetProperty("segments").EnumerateObject())
        {
            text.Append(CultureInfo.InvariantCulture, $"  {segment.Name}: {Standing(segment.Value)}\n");
            Condition(text, "when", segment.Value.GetProperty("when"));
            Condition(text, "exit", segment.Value.GetProperty("exit"));
        }

        foreach (JsonProperty score in root.GetProperty("scores").EnumerateObject())
            text.Append(CultureInfo.InvariantCulture, $"\nscore {score.Name}: {score.Value.GetProperty("value").GetRawText()}{(score.Value.GetProperty("learned").GetBoolean() ? ", learned" : "")}");
        if (root.GetProperty("actions").EnumerateObject().Any())
            text.Append("\n\nactions\n");
        foreach (JsonProperty action in root.GetProperty("actions").EnumerateObject())
            Action(text, action.Name, action.Value);
        if (root.GetProperty("routing") is { ValueKind: JsonValueKind.Object } routing)
            text.Append(CultureInfo.InvariantCulture, $"\nrouting: queue {Text(routing, "queue") ?? "none"}, score {Text(routing, "score")}, reasons {Text(routing, "reasons")}, agent {Text(routing, "agent") ?? "any"}, skills {Text(routing, "skills")}, valid until {Text(routing, "valid_until")}\n");
        return text.ToString().TrimEnd();
    }

    /// <summary>One action: why it is offered, or which gate removed it and what would change that.</summary>
    public static string Of(string name, JsonElement action)
    {
        var text = new StringBuilder();
        Action(text, name, action);
        Condition(text, "eligible", action.GetProperty("eligible"));
        foreach (JsonProperty consent in action.GetProperty("consent").EnumerateObject())
            Condition(text, $"consent for {consent.Name}", consent.Value);
        foreach (JsonElement cap in action.GetProperty("caps").EnumerateArray())
            text.Append(CultureInfo.InvariantCulture, $"      cap: {Text(cap, "count")} of {Text(cap, "max")} contacts within {Text(cap, "window")}{In(cap, "channel", " on ")}{In(cap, "topic", " about ")}{In(cap, "frees_at", ", one ceases to count at ")}\n");
        return text.ToString().TrimEnd();
    }

    private static void Action(StringBuilder text, string name, JsonElement action)
    {
        if (action.GetProperty("factors") is not { ValueKind: JsonValueKind.Object } factors)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {name}: removed by {Text(action, "removed_by")}\n      what would change that: {Text(action, "change")}\n");
            return;
        }

        string channels = string.Join(", ", action.GetProperty("channels").EnumerateArray().Select(channel => channel.GetString()));
        text.Append(CultureInfo.InvariantCulture, $"  {name}: rank {Text(action, "rank")} on {channels}{(action.GetProperty("explored").GetBoolean() ? ", by exploration" : "")}\n");
        text.Append(CultureInfo.InvariantCulture, $"      score {Text(factors, "score")} from propensity {Text(factors, "propensity")}, context {Text(factors, "context")}, value {Text(factors, "value")}, lever {Text(factors, "lever")}\n");
    }

    private static string In(JsonElement element, string name, string before) => Text(element, name) is { } text ? before + text : "";

    private static string Standing(JsonElement segment)
    {
        if (segment.GetProperty("member").GetBoolean())
            return $"in since {Text(segment, "since")}" + (Text(segment, "stays_until") is { } until ? $", stays until {until} at least" : "");
        return Text(segment, "waiting_since") is { } since ? $"waiting since {since}, enters at {Text(segment, "enters_at")} if it still holds" : "out";
    }

    private static void Condition(StringBuilder text, string name, JsonElement condition)
    {
        if (condition.ValueKind != JsonValueKind.Object)
            return;
        string reads = string.Join(", ", condition.GetProperty("reads").EnumerateObject().Select(read => $"{read.Name} = {read.Value.GetRawText()}"));
        text.Append(CultureInfo.InvariantCulture, $"      {name}: {Text(condition, "condition")}\n");
        if (reads.Length > 0)
            text.Append(CultureInfo.InvariantCulture, $"        now: {reads}\n");
        string verdict = Text(condition, "error") is { } error ? $"no ({error})" : condition.GetProperty("holds").GetBoolean() ? "holds" : "does not hold";
        text.Append(CultureInfo.InvariantCulture, $"        {verdict}; if nothing happens: {(Text(condition, "turns_at") is { } turns ? $"turns at {turns}" : "stays so")}\n");
    }

    private static string Coverage(JsonElement feature)
    {
        string mode = Text(feature, "mode")!;
        var notes = new List<string> { mode };
        if (feature.TryGetProperty("complete", out JsonElement complete) && !complete.GetBoolean())
            notes.Add("known for less than the window");
        foreach (string flag in new[] { "truncated", "capped" })
            if (feature.TryGetProperty(flag, out JsonElement set) && set.GetBoolean())
                notes.Add(flag);
        return string.Join(", ", notes);
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name) switch
    {
        { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        var value => value.GetRawText(),
    };
}
