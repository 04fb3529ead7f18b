using System.Globalization;
using System.Text.Json;

namespace StreamInsight.Cluster.Tests;

/// <summary>What a run has left in Redis and in the topic of facts, against what <c>replay</c> makes of the same log.</summary>
public sealed class Comparison
{
    /// <summary>About what a trigger's stream keeps.</summary>
    private const int StreamLength = 100_000;

    private readonly Func<string, bool> _isJudged;
    private readonly string _replayedFacts;
    private readonly History _replayed = new();
    private readonly Dictionary<string, History> _streams = [];
    private readonly Dictionary<string, HashSet<string>> _members = [];

    /// <param name="replayed">The folder that replay wrote.</param>
    /// <param name="isJudged">Customers that are compared.</param>
    public Comparison(string replayed, Func<string, bool> isJudged)
    {
        _isJudged = isJudged;
        _replayedFacts = Path.Combine(replayed, "facts.jsonl");
        foreach (string line in File.ReadLines(_replayedFacts))
        {
            FactLine fact = FactLine.Read(line);
            _replayed.Add(fact.Customer, fact.Seq, line);
            if (fact.Trigger is { } trigger)
                Of(_streams, trigger).Add(fact.Customer, fact.Seq, Text(FactLine.Entry(line)));
        }
        foreach (string line in File.ReadLines(Path.Combine(replayed, "profiles.jsonl")))
        {
            Profiles++;
            using JsonDocument profile = JsonDocument.Parse(line);
            foreach (JsonProperty segment in profile.RootElement.GetProperty("segments").EnumerateObject())
                Of(_members, segment.Name).Add(profile.RootElement.GetProperty("customer").GetString()!);
        }
    }

    public int Facts => _replayed.Count;

    public int Profiles { get; private set; }

    /// <summary>Each difference in a line or some.</summary>
    public List<string> FactDifferences(string liveFacts, Action<History> tell)
    {
        var live = new History();
        foreach (string line in File.ReadLines(liveFacts))
        {
            FactLine fact = FactLine.Read(line);
            live.Add(fact.Customer, fact.Seq, line);
        }
        tell(live);
        var different = _replayed.Differences(live).Where(d => _isJudged(d.Customer)).ToList();
        return [.. live.Faults.Select(fault => "facts: " + fault), .. different.Take(20).Select(d => Explain(d, liveFacts)), .. different.Skip(20).Select(d => $"facts of {d.Customer}")];
    }

    public IEnumerable<string> RedisDifferences(RedisWire redis)
    {
        foreach ((string trigger, History expected) in _streams)
        {
            var actual = new History();
            foreach (Dictionary<string, string> entry in redis.Stream($"si:t:{trigger}"))
                actual.Add(entry["customer"], int.Parse(entry["seq"], CultureInfo.InvariantCulture), Text(entry.Select(pair => (pair.Key, pair.Value))));
            bool isTrimmed = expected.Count > StreamLength * 9 / 10;
            foreach (string fault in actual.Faults)
                yield return $"stream {trigger}: {fault}";
            foreach (var d in expected.Differences(actual, isTrimmed).Where(d => _isJudged(d.Customer)))
                yield return $"stream {trigger} of {d.Customer}: {d.Here} replayed, {d.There} live, {d.Same} equal";
            if (actual.Repeats > 0)
                yield return $"stream {trigger}: {actual.Repeats} entries twice";
        }
        foreach ((string segment, HashSet<string> expected) in _members)
        {
            HashSet<string> actual = redis.Members($"si:s:{segment}");
            List<string> onOneSide = [.. expected.Except(actual).Concat(actual.Except(expected)).Where(_isJudged)];
            if (onOneSide.Count > 0)
                yield return $"segment {segment}: {expected.Count} members, {actual.Count} in Redis; only one side has {onOneSide.Count}: {string.Join(' ', onOneSide.Take(5))}";
        }
    }

    private string Explain((string Customer, int Here, int There, int Same) difference, string liveFacts)
    {
        string? Line(string file) => File.ReadLines(file).Where(line => FactLine.Read(line).Customer == difference.Customer).DistinctBy(line => FactLine.Read(line).Seq).ElementAtOrDefault(difference.Same);
        return $"facts of {difference.Customer}: {difference.Here} replayed, {difference.There} live; the {difference.Same + 1}th is\n  {Line(_replayedFacts) ?? "none"}\n  {Line(liveFacts) ?? "none"}";
    }

    private static T Of<T>(Dictionary<string, T> of, string name)
        where T : new()
    {
        if (!of.TryGetValue(name, out T? found))
            of[name] = found = new T();
        return found;
    }

    private static string Text(IEnumerable<(string Field, string Value)> entry) => string.Join('\n', entry.Select(pair => $"{pair.Field}={pair.Value}"));
}
