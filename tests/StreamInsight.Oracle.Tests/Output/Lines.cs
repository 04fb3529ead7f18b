using System.Security.Cryptography;
using System.Text;
using StreamInsight.Oracle.Customers;
using StreamInsight.Oracle.Decisions;
using StreamInsight.Oracle.Language;
using StreamInsight.Oracle.Models;
using StreamInsight.Oracle.Records;

namespace StreamInsight.Oracle.Output;

/// <summary>The lines of a replay's files, keys in the order of the contracts.</summary>
public static class Lines
{
    public static string Fact(Model model, Fact f)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{f.Customer}\n{f.BornMs}\n{f.Seq}\n{model.Id}"));
        return JsonText.Of([
            ("id", Convert.ToHexStringLower(hash.AsSpan(0, 16))),
            ("customer", f.Customer),
            ("seq", f.Seq),
            ("at", new Instant(f.AtMs)),
            ("kind", f.Kind),
            ("model", model.Id),
            ("cause", f.Cause),
            .. f.Fields,
        ]);
    }

    /// <summary>Without the value of <c>next_timer</c>, which is informative.</summary>
    public static string Profile(Model model, Customer c, QueueBoard queues)
    {
        var scope = new CustomerScope(model, c, queues, c.ClockMs, null, 0);
        static List<(string, object?)> Map(IEnumerable<(string, object?)> items) => items.ToList();
        return JsonText.Of([
            ("customer", c.Id),
            ("at", new Instant(c.ClockMs)),
            ("seq", c.Seq),
            ("features", Map(model.Features.Select(f => (f.Name, scope.Feature(f.Name))))),
            ("traits", Map(model.Traits.GroupBy(t => t.Key.Split('.')[0]).Select(g => (g.Key, Traits(g.ToList()))))),
            ("journey", model.Journey is null ? null : Map([("stage", c.Stage), ("previous", c.Previous), ("entered_at", new Instant(c.EnteredAtMs))])),
            ("segments", Map(model.Segments.Where(s => c.Members.ContainsKey(s.Name)).Select(s => (s.Name, (object?)new Instant(c.Members[s.Name]))))),
            ("scores", Map(model.Scores.Select(s => (s.Name, scope.Score(s.Name))))),
            ("actions", scope.Read(["actions"])),
            ("routing", scope.Read(["routing"])),
            ("next_timer", null),
        ]);

        object? Traits(List<KeyValuePair<string, string>> one) => one[0].Key.StartsWith("group.", StringComparison.Ordinal)
            ? Map(one.Select(t => (t.Key[6..], (object?)c.Traits.GetValueOrDefault(t.Key))))
            : c.Traits.GetValueOrDefault(one[0].Key);
    }

    public static string Dead(RawMessage raw, string reason)
    {
        // Carriage returns between tokens would be line ends to some readers.
        var text = Encoding.UTF8.GetString(raw.Bytes);
        var record = Json.Parse(raw.Bytes) is null ? JsonText.Of(text) : text.Replace('\r', ' ');
        return $"{{\"position\":{JsonText.Of(raw.Position)},\"reason\":{JsonText.Of(reason)},\"record\":{record}}}";
    }
}
