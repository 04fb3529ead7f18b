using System.Security.Cryptography;
using System.Text;
using StreamInsight.Oracle.Customers;
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
    public static string Profile(Model model, Customer c)
    {
        var scope = new CustomerScope(model, c, c.ClockMs, null, 0);
        var group = model.Traits.Where(t => t.Key.StartsWith("group.", StringComparison.Ordinal)).ToList();
        List<(string, object?)> Map(IEnumerable<(string, object?)> items) => items.ToList();
        List<(string, object?)> traits = model.Traits.Except(group).Select(t => (t.Key, (object?)c.Traits.GetValueOrDefault(t.Key))).ToList();
        if (group.Count > 0) traits.Add(("group", Map(group.Select(t => (t.Key[6..], (object?)c.Traits.GetValueOrDefault(t.Key))))));
        return JsonText.Of([
            ("customer", c.Id),
            ("at", new Instant(c.ClockMs)),
            ("seq", c.Seq),
            ("features", Map(model.Features.Select(f => (f.Name, scope.Feature(f.Name))))),
            ("traits", traits),
            ("journey", model.Journey is null ? null : Map([("stage", c.Stage), ("previous", c.Previous), ("entered_at", new Instant(c.EnteredAtMs))])),
            ("segments", Map(model.Segments.Where(s => c.Members.ContainsKey(s.Name)).Select(s => (s.Name, (object?)new Instant(c.Members[s.Name]))))),
            ("scores", Map([])),
            ("actions", new List<object?>()),
            ("routing", null),
            ("next_timer", null),
        ]);
    }

    public static string Dead(RawMessage raw, string reason)
    {
        var record = Json.Parse(raw.Bytes) is { } json && !Json.HasLoneSurrogate(json)
            ? Encoding.UTF8.GetString(raw.Bytes)
            : JsonText.Of(Encoding.UTF8.GetString(raw.Bytes));
        return $"{{\"position\":{JsonText.Of(raw.Position)},\"reason\":{JsonText.Of(reason)},\"record\":{record}}}";
    }
}
