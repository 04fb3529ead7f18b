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

        return text.ToString().TrimEnd();
    }

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
