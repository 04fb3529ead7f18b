using System.Globalization;
using System.Text;
using System.Text.Json;

namespace StreamInsight.Server.Commands;

/// <summary>A decision's record for people: what was answered, how each action fared, and the values that were read.</summary>
internal static class DecisionText
{
    public static string Of(byte[] record)
    {
        using JsonDocument parsed = JsonDocument.Parse(record);
        JsonElement decision = parsed.RootElement;
        var text = new StringBuilder();
        Line(text, $"decision {Text(decision, "decision")} for {Text(decision, "customer")} on {Text(decision, "channel")}, at {Text(decision, "at")}, by {Text(decision, "model")}");
        Line(text, decision.GetProperty("reserved").ValueKind == JsonValueKind.Null
            ? "reserved: nothing"
            : $"reserved: {Text(decision, "reserved")}, until {Text(decision, "reserved_until")}");
        if (decision.GetProperty("routing").ValueKind == JsonValueKind.Object)
            Line(text, $"routing: {decision.GetProperty("routing").GetRawText()}");

        Line(text, "");
        Line(text, "actions:");
        var places = decision.GetProperty("actions").EnumerateArray().Select(action => Text(action, "action")).ToList();
        foreach (JsonElement candidate in decision.GetProperty("candidates").EnumerateArray())
            Line(text, "  " + Fared(candidate, places));
        Line(text, "");
        Line(text, "read:");
        foreach (JsonProperty read in decision.GetProperty("reads").EnumerateObject())
            Line(text, $"  {read.Name} = {read.Value.GetRawText()}");
        return text.ToString().TrimEnd();
    }

    private static string Fared(JsonElement candidate, List<string> places)
    {
        string name = Text(candidate, "action");
        if (candidate.GetProperty("removed_by").ValueKind != JsonValueKind.Null)
        {
            string opens = candidate.GetProperty("opens_at").ValueKind == JsonValueKind.Null ? "" : $", until {Text(candidate, "opens_at")} if nothing happens";
            return $"{name}: removed by {Text(candidate, "removed_by")}{opens}";
        }
        int place = places.IndexOf(name);
        string explored = candidate.GetProperty("explored").GetBoolean() ? ", drawn by lot" : "";
        string stands = place < 0 ? "not among the first" : $"place {(place + 1).ToString(CultureInfo.InvariantCulture)}";
        return $"{name}: {stands}, score {Raw(candidate, "score")} = propensity {Raw(candidate, "propensity")} · context {Raw(candidate, "context")} · value {Raw(candidate, "value")} · lever {Raw(candidate, "lever")}, each to its exponent{explored}";
    }

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString() ?? "";

    private static string Raw(JsonElement of, string name) => of.GetProperty(name).GetRawText();

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
