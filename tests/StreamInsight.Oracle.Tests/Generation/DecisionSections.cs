using System.Text;

namespace StreamInsight.Oracle.Generation;

/// <summary>Random scores, actions, policy, queues and routing over what may be read.</summary>
/// <param name="learns">With a score that learns; the oracle knows none.</param>
public sealed class DecisionSections(Prng random, TimeScale scale, Conditions conditions, IReadOnlyList<Readable> readables, bool learns = false)
{
    private static readonly string[] Channels = ["web", "app", "voice"];

    private static readonly string[] Hours = ["00:00", "02:00", "02:30", "03:00", "08:30", "09:30", "12:00", "13:00", "21:00"];

    private readonly StringBuilder yaml = new();
    private readonly HashSet<string> channels = [];
    private readonly HashSet<string> topics = [];
    private readonly List<Readable> known = [.. readables];
    private readonly int queues = random.Chance(40) ? 1 + random.Below(2) : 0;

    /// <summary>What <c>with</c> of a trigger may read besides.</summary>
    public List<string> Told { get; } = [];

    public string Text()
    {
        if (learns || random.Chance(60)) Scores();
        for (var i = 0; i < queues; i++)
            known.AddRange([new($"queues.q{i}.waiting", "int"), new($"queues.q{i}.service_level", "double"), new($"queues.q{i}.longest_wait", "double"), new($"queues.q{i}.agents_free", "int")]);
        Queues();
        if (learns || random.Chance(92)) Actions();
        if (random.Chance(60)) Routing();
        return yaml.ToString();
    }

    private string Duration() => random.Pick(scale.Durations);

    private void Scores()
    {
        yaml.Append("scores:\n");
        var n = 1 + random.Below(3);
        var lines = Enumerable.Range(0, n).Select(i => $"  s{i}: {{ expr: \"{Number()}\" }}\n").ToList();
        foreach (var line in lines) yaml.Append(line);
        if (learns)
        {
            yaml.Append($"  learned: {{ learn: {{ success: \"Offer Accepted\", failure: \"Offer Declined\", within: {Duration()} }}, inputs: [{Path("int")}, {Path("string")}], prior: {{ rate: 0.2, weight: 2 }} }}\n");
            for (var weight = 0; weight < 5; weight++) known.Add(new("scores.learned", "double"));
        }
        for (var i = 0; i < n; i++)
        {
            known.AddRange([new($"scores.s{i}", "double"), new($"scores.s{i}", "double")]);
            Told.Add($"scores.s{i}");
        }
    }

    private void Queues()
    {
        if (queues == 0) return;
        yaml.Append("queues:\n");
        for (var i = 0; i < queues; i++)
        {
            var keys = new[] { "target: 0.8", $"stale_after: {Duration()}", $"default: {{ service_level: 0.{random.Below(10)}, waiting: {random.Below(4)} }}" }.Where(_ => random.Chance(70)).ToList();
            yaml.Append($"  q{i}: {{ {string.Join(", ", keys)} }}\n");
        }
    }

    private void Actions()
    {
        yaml.Append("actions:\n");
        for (var i = 0; i < 1 + random.Below(5); i++)
        {
            var some = Channels.OrderBy(_ => random.Next()).Take(1 + random.Below(3)).ToList();
            channels.UnionWith(some);
            var text = $"channels: [{string.Join(", ", some)}], eligible: \"{(random.Chance(50) ? "true" : conditions.Any(known))}\", value: \"{Number()}\"";
            foreach (var factor in new[] { "propensity", "context", "lever" })
                if (random.Chance(25)) text += $", {factor}: \"{Number()}\"";
            if (random.Chance(15)) text += $", class: {random.Pick(["transactional", "mandatory", "commercial"])}";
            if (random.Chance(40) && random.Pick(["care", "sale"]) is var topic && topics.Add(topic) | true) text += $", topic: {topic}";
            if (random.Chance(30)) text += ", purpose: marketing";
            if (queues > 0 && random.Chance(40)) text += $", queue: q{random.Below(queues)}";
            if (random.Chance(50)) text += $", content: {{ title: \"Hello\", script: \"{Hole()} and {Hole()}, {Hole()}\" }}";
            yaml.Append($"  a{i}: {{ {text} }}\n");
        }
        Told.AddRange(["actions", "actions", "actions"]);
        if (random.Chance(60))
        {
            var exponents = new[] { "propensity", "context", "value", "lever" }.Where(_ => random.Chance(30)).Select(e => $"{e}: {random.Pick(["0", "2", "0.5", "1"])}");
            var keys = new[] { $"exponents: {{ {string.Join(", ", exponents)} }}", $"top: {1 + random.Below(3)}", $"explore: {random.Pick(["0.3", "1", "0"])}" }.Where(_ => random.Chance(60)).ToList();
            yaml.Append($"arbitration: {{ {string.Join(", ", keys)} }}\n");
        }
        Policy();
    }

    private void Policy()
    {
        var keys = new List<string>();
        if (random.Chance(30))
        {
            var consents = new[] { "voice", "app", "web", "marketing" }.Where(_ => random.Chance(85)).Select(c => $"{c}: \"{(random.Chance(60) ? "true" : conditions.Any(readables))}\"");
            keys.Add($"consent: {{ {string.Join(", ", consents)} }}");
        }
        if (random.Chance(75)) keys.Add($"caps: [ {string.Join(", ", Enumerable.Range(0, 1 + random.Below(3)).Select(_ => Cap()))} ]");
        if (random.Chance(80)) keys.Add($"reserve_for: {Duration()}");
        if (random.Chance(60)) keys.Add($"reject: {{ after: {1 + random.Below(3)}, within: {Duration()}, pause: {Duration()} }}");
        if (random.Chance(30)) keys.Add($"quiet: {{ {Quiet()} }}");
        if (random.Chance(25)) keys.Add($"holdout: {{ share: {random.Pick(["0.3", "0.6"])}, salt: \"{random.Pick(["2026-q4", "x"])}\" }}");
        if (keys.Count > 0) yaml.Append("policy:\n").Append(string.Concat(keys.Select(k => $"  {k}\n")));
    }

    private string Cap()
    {
        var keys = new List<string> { $"max: {random.Pick([0, 1, 1, 2, 2, 3, 4])}", $"window: {Duration()}" };
        if (random.Chance(40)) keys.Add($"channel: {random.Pick(channels.ToList())}");
        if (topics.Count > 0 && random.Chance(35)) keys.Add($"topic: {random.Pick(topics.ToList())}");
        return $"{{ {string.Join(", ", keys)} }}";
    }

    private string Quiet()
    {
        var from = random.Pick(Hours);
        var text = $"from: \"{from}\", to: \"{random.Pick(Hours.Where(h => h != from).ToList())}\"";
        if (random.Chance(70))
            text += $", zone: \"{random.Pick(["'Europe/Berlin'", "traits.tier", "traits.tier == 'a' ? 'Europe/Berlin' : traits.tier == 'b' ? 'America/St_Johns' : traits.tier"])}\"";
        if (random.Chance(60)) text += $", unknown_zone: {random.Pick(["hold", "send", "Europe/Berlin"])}";
        if (random.Chance(40)) text += $", channels: [{random.Pick(channels.ToList())}]";
        return text;
    }

    private void Routing()
    {
        yaml.Append("routing:\n");
        yaml.Append($"  queue: \"{random.Pick(["'general'", $"({conditions.Any(known)}) ? 'priority' : 'general'", "traits.tier"])}\"\n");
        yaml.Append($"  score: \"{random.Pick(["500.0", $"({conditions.Any(known)}) ? 900 : 20", $"double({Path("int")}) * 100.0", $"{Path("double")} * 50.0 + 1.5"])}\"\n");
        if (random.Chance(70)) yaml.Append($"  reasons: {{ {string.Join(", ", Enumerable.Range(0, 1 + random.Below(5)).Select(i => $"r{i}: \"{conditions.Any(known)}\""))} }}\n");
        if (random.Chance(60)) yaml.Append($"  agent: {Path("string")}\n");
        if (random.Chance(60)) yaml.Append($"  skills: \"{random.Pick(["has(traits.tier) ? [traits.tier] : []", $"({conditions.Any(known)}) ? ['x', 'y'] : ['z']", "[traits.tier]"])}\"\n");
        if (random.Chance(60)) yaml.Append($"  valid_for: {Duration()}\n");
        Told.AddRange(["routing", "routing.queue", "routing.score"]);
    }

    /// <summary>Not all of it from 0 up, not all of it there.</summary>
    private string Number() => random.Pick<string>(
        (4, () => random.Pick(["1.0", "2", "0.5", "120.0", "0", "1.0"])),
        (3, () => $"({conditions.Any(known)}) ? {random.Pick(["1.5", "0.25"])} : {random.Pick(["1.0", "0.5"])}"),
        (3, () => Path("double")),
        (2, () => Path("int")),
        (1, () => $"{Path("double")} + {Path("double")}"));

    private string Path(string type) => random.Pick(known.Where(r => r.Type == type).Select(r => r.Path).ToList());

    private string Hole() => random.Pick(known.Where(r => !r.Type.StartsWith("list", StringComparison.Ordinal) && r.Type != "decayed").ToList()) is var readable
        && random.Chance(70) ? $"${{{readable.Path}|{random.Pick(["you", "", "-"])}}}" : $"${{{readable.Path}}}";
}
