using System.Text.Json;
using StreamInsight.Testing;

namespace StreamInsight.Server.Tests.Crash;

/// <summary>
/// What a run has left in Redis and in a file of facts, against what <c>replay</c> makes of the same log: trigger streams byte for byte in order per customer,
/// all facts byte for byte in order per customer, members of segments, and entered − left.
/// </summary>
public sealed class Outcome(string replayed, IReadOnlyList<string> triggers, IReadOnlyList<string> segments)
{
    private readonly List<string> _facts = [.. File.ReadLines(Path.Combine(replayed, "facts.jsonl"))];
    private readonly List<string> _profiles = [.. File.ReadLines(Path.Combine(replayed, "profiles.jsonl"))];

    public int Facts => _facts.Count;

    public int TriggerFacts => _facts.Count(f => Kind(f) == "trigger");

    public int Customers => _profiles.Count;

    /// <summary>Each difference in a line; none = they are equal.</summary>
    public List<string> Differences(RedisServer redis, IEnumerable<string> facts) =>
        [.. Streams(redis), .. Sets(redis), .. ByCustomer("facts", _facts, Once(facts))];

    /// <summary>Those of segments alone.</summary>
    public List<string> SetDifferences(RedisServer redis) => [.. Sets(redis)];

    private IEnumerable<string> Streams(RedisServer redis)
    {
        foreach (string trigger in triggers)
        {
            IEnumerable<string> expected = _facts.Where(f => Kind(f) == "trigger" && Text(f, "trigger") == trigger).Select(Entry);
            IEnumerable<string> actual = redis.Stream($"si:t:{trigger}").Select(e => JsonSerializer.Serialize(e));
            foreach (string difference in ByCustomer($"stream {trigger}", expected, actual))
                yield return difference;
        }
    }

    private IEnumerable<string> Sets(RedisServer redis)
    {
        foreach (string segment in segments)
        {
            int entered = _facts.Count(f => Kind(f) == "segment_entered" && Text(f, "segment") == segment);
            int left = _facts.Count(f => Kind(f) == "segment_left" && Text(f, "segment") == segment);
            var members = _profiles.Where(p => JsonDocument.Parse(p).RootElement.GetProperty("segments").TryGetProperty(segment, out _)).Select(p => Text(p, "customer")).ToHashSet();
            Dictionary<string, long> stored = redis.Scores($"si:s:{segment}");
            if (entered - left != members.Count)
                yield return $"segment {segment}: {entered} entered, {left} left, {members.Count} members";
            if (!members.SetEquals(stored.Keys))
                yield return $"segment {segment}: {members.Count} members, {stored.Count} in Redis; only one side has {string.Join(' ', members.Except(stored.Keys).Concat(stored.Keys.Except(members)).Take(5))}";
        }
    }

    private static IEnumerable<string> ByCustomer(string what, IEnumerable<string> expected, IEnumerable<string> actual)
    {
        ILookup<string, string> a = expected.ToLookup(line => Text(line, "customer")), b = actual.ToLookup(line => Text(line, "customer"));
        foreach (string customer in a.Select(g => g.Key).Union(b.Select(g => g.Key)))
        {
            List<string> left = [.. a[customer]], right = [.. b[customer]];
            int same = left.Zip(right).TakeWhile(pair => pair.First == pair.Second).Count();
            if (same < left.Count || same < right.Count)
                yield return $"{what} of {customer}: {left.Count} replayed, {right.Count} live; the {same + 1}th is\n  {left.ElementAtOrDefault(same) ?? "none"}\n  {right.ElementAtOrDefault(same) ?? "none"}";
        }
    }

    /// <summary>A fact may be told to the file twice around a crash: then in the same words.</summary>
    private static IEnumerable<string> Once(IEnumerable<string> lines)
    {
        var told = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in lines)
        {
            string id = Text(line, "id");
            if (told.TryAdd(id, line) || told[id] != line)
                yield return line;
        }
    }

    /// <summary>The entry of a trigger's stream, from its fact line alone.</summary>
    private static string Entry(string line)
    {
        using JsonDocument fact = JsonDocument.Parse(line);
        JsonElement root = fact.RootElement;
        var entry = new Dictionary<string, string>();
        foreach (string field in (string[])["id", "customer", "seq", "at"])
            entry[field] = root.GetProperty(field).ToString();
        entry["max_age_at"] = "";
        foreach (string field in (string[])["cause", "kind", "on"])
            entry[field] = root.GetProperty(field).ToString();
        foreach (JsonProperty with in root.GetProperty("with").EnumerateObject())
            entry[with.Name] = with.Value.GetRawText();
        return JsonSerializer.Serialize(entry);
    }

    private static string Kind(string line) => Text(line, "kind");

    private static string Text(string line, string field)
    {
        using JsonDocument json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty(field).ToString();
    }
}
