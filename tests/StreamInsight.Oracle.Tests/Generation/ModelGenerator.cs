using System.Text;

namespace StreamInsight.Oracle.Generation;

/// <summary>Random models as YAML text: every aggregate, window, offset, journey, segment and trigger the language has.</summary>
public sealed class ModelGenerator
{
    private static readonly string[] Stages = ["s0", "s1", "s2", "s3"];

    private readonly Prng random;
    private readonly TimeScale scale;
    private readonly StringBuilder yaml = new();
    private readonly List<Readable> readables = [];
    private readonly Conditions conditions;
    private readonly bool hasJourney;

    private ModelGenerator(Prng random, TimeScale scale)
    {
        this.random = random;
        this.scale = scale;
        hasJourney = random.Chance(70);
        conditions = new Conditions(random, scale, hasJourney ? Stages : []);
    }

    /// <param name="random">Where everything is drawn from.</param>
    /// <param name="scale">How long its windows are.</param>
    /// <param name="decides">With scores, actions, policy, queues and routing.</param>
    /// <param name="learns">One of the scores learns.</param>
    public static string Model(Prng random, TimeScale scale, bool decides = false, bool learns = false)
    {
        var generator = new ModelGenerator(random, scale);
        generator.Head();
        generator.Features();
        generator.Segments();
        if (generator.hasJourney) generator.Journey();
        var told = decides ? generator.Decisions(learns) : [];
        generator.Triggers(told);
        return generator.yaml.ToString();
    }

    private string Duration() => random.Pick(scale.Durations);

    private void Head()
    {
        yaml.Append("model: random\nversion: 3\n");
        if (random.Chance(30)) yaml.Append("zone: Europe/Berlin\n");
        yaml.Append($"lateness: {(scale.EveryMillisecond ? random.Pick(["50ms", "300ms", "24h"]) : random.Pick(["30m", "3h", "24h"]))}\n");
        if (random.Chance(60)) yaml.Append($"dedupe: {{ window: {Duration()}, max: {random.Pick([1, 2, 4, 32])} }}\n");
        if (random.Chance(60)) yaml.Append($"exact_max: {random.Pick([1, 2, 4, 8, 1000])}\n");
        yaml.Append("traits:\n  tier: string\n  nps: int\n  since: timestamp\n  vip: bool\n  rate: double\n  group: { plan: string, seats: int }\n");
        yaml.Append("""
            events:
              order: { name: "Order Completed", properties: { total: double, items: int, category: string, due: timestamp, gift: bool } }
              view: { name: "Product Viewed", properties: { category: string } }
              call: { name: "Call Started", properties: { reason: string, items: int } }
              page: { name: page, properties: { path: string } }

            """);
        readables.AddRange([
            new("traits.tier", "string"), new("traits.nps", "int"), new("traits.since", "timestamp"), new("traits.vip", "bool"),
            new("traits.rate", "double"), new("traits.group.plan", "string"), new("traits.group.seats", "int"),
        ]);
    }

    private void Features()
    {
        yaml.Append("features:\n");
        var made = new List<Readable>();
        var n = 3 + random.Below(8);
        for (var i = 0; i < n; i++)
        {
            var derived = i > 1 && random.Chance(15);
            var (text, type) = derived ? Derived(made) : Observed();
            yaml.Append($"  f{i}: {{ {text} }}\n");
            made.Add(new($"features.f{i}", type));
        }
        readables.AddRange(made);
        readables.AddRange(made);
    }

    private (string, string) Derived(List<Readable> made) => random.Pick<(string, string)>(
        (3, () => ($"expr: \"{new Conditions(random, scale, []).Any(made)}\"", "bool")),
        (2, () => ($"expr: \"{Path("int")} + {Path("int")}\"", "int")),
        (2, () => ($"expr: \"{Path("double")} / {Path("double")}\"", "double")),
        (2, () => ($"expr: \"now - {Path("timestamp")}\"", "duration")),
        (1, () => ($"expr: \"{Path("timestamp")} + {conditions.Duration()}\"", "timestamp")));

    private string Path(string type)
    {
        var of = readables.Where(r => r.Type == type).Select(r => r.Path).ToList();
        return random.Pick(of);
    }

    private (string, string) Observed()
    {
        var source = random.Pick(["order", "order", "view", "call", "page", "*"]);
        var (text, type) = random.Pick<(string, string)>(
            (5, () => ($"count: {Quoted(source)}", "int")),
            (1, () => Over("count", Property(null), "int")),
            (3, () => Over("sum", Number())),
            (2, () => Over("avg", Number(), "double")),
            (1, () => Over("stddev", Number(), "double")),
            (2, () => Over(random.Pick(["min", "max"]), random.Pick([Number(), Property("string"), Property("timestamp")]))),
            (4, () => Over(random.Pick(["first", "last"]), Property(null))),
            (2, () => (Over("last_k", Property(null)) is var (t, of) ? $"{t}, k: {1 + random.Below(4)}" : "", $"list {of}")),
            (2, () => Over("distinct", Property(null), "int")),
            (2, () => Over("mode", Property(null))),
            (scale.EveryMillisecond ? 1 : 0, () => ($"decayed: {random.Pick([Quoted(source), "order.total", "order.items"])}, half_life: {Duration()}", "decayed")),
            (3, () => ($"sequence: [{string.Join(", ", Enumerable.Range(0, 2 + random.Below(2)).Select(_ => random.Pick(["order", "view", "call", "order", "view", "call", "page", "\"*\""])))}], within: {Duration()}", "int")),
            (2, () => ($"sessions: {Quoted(source)}, gap: {Duration()}", "int")));
        if (random.Chance(25)) text += $", where: \"{conditions.Property(text.Contains("order.") || text.Contains(": order") ? "order" : "*")}\"";
        if (random.Chance(75)) text += $", window: {Duration()}" + (random.Chance(25) ? $", offset: {Duration()}" : "");
        if (random.Chance(20)) text += $", exact_max: {1 + random.Below(5)}";
        return (text, type);
    }

    private static (string, string) Over(string aggregate, Readable of, string? type = null) => ($"{aggregate}: {Quoted(of.Path)}", type ?? of.Type);

    private static string Quoted(string source) => source.StartsWith('*') ? $"\"{source}\"" : source;

    private Readable Number() => random.Pick([new Readable("order.total", "double"), new("order.items", "int"), new("call.items", "int")]);

    private Readable Property(string? type) => random.Pick(new Readable[]
    {
        new("order.total", "double"), new("order.items", "int"), new("order.category", "string"), new("order.due", "timestamp"), new("order.gift", "bool"),
        new("order.timestamp", "timestamp"), new("view.category", "string"), new("call.reason", "string"), new("*.timestamp", "timestamp"), new("*.channel", "string"), new("page.path", "string"),
    }.Where(p => type is null || p.Type == type).ToList());

    private void Segments()
    {
        yaml.Append("segments:\n");
        var n = 2 + random.Below(5);
        var order = Enumerable.Range(0, n).OrderBy(_ => random.Next()).ToList();
        var texts = new string[n];
        var readable = readables.ToList();
        foreach (var i in order)
        {
            var text = $"when: \"{conditions.Any(readable)}\"";
            if (random.Chance(30)) text += $", exit: \"{conditions.Any(readable)}\"";
            if (random.Chance(25)) text += $", for: {Duration()}";
            if (random.Chance(25)) text += $", min_stay: {Duration()}";
            texts[i] = $"  g{i}: {{ {text} }}\n";
            for (var weight = 0; weight < 3; weight++) readable.Add(new($"segments.g{i}", "bool"));
        }
        foreach (var text in texts) yaml.Append(text);
        for (var i = 0; i < n; i++) readables.Add(new($"segments.g{i}", "bool"));
    }

    private void Journey()
    {
        yaml.Append($"journey:\n  initial: s0\n  stages: [{string.Join(", ", Stages)}]\n  transitions:\n");
        for (var n = 1 + random.Below(7); n > 0; n--)
        {
            var from = random.Chance(20) ? "\"*\"" : random.Pick(Stages);
            var to = random.Pick(Stages.Where(s => s != from).ToList());
            var when = random.Chance(85);
            var text = $"from: {from}, to: {to}" + (when ? $", when: \"{Transition()}\"" : $", after: {Duration()}");
            if (random.Chance(20)) text += $", min_dwell: {Duration()}";
            if (when && random.Chance(10)) text += $", after: {Duration()}";
            yaml.Append($"    - {{ {text} }}\n");
        }
    }

    /// <summary>On the event, on the state, or on both.</summary>
    private string Transition() => random.Pick<string>(
        (4, conditions.Event), (2, () => $"{conditions.Event()} && ({conditions.Any(readables)})"), (6, () => conditions.Any(readables)),
        (1, () => $"{conditions.Event()} || ({conditions.Any(readables)})"), (1, () => $"!({conditions.Event()}) && ({conditions.Any(readables)})"));

    private List<string> Decisions(bool learns)
    {
        var sections = new DecisionSections(random, scale, conditions, readables, learns);
        yaml.Append(sections.Text());
        return sections.Told;
    }

    private void Triggers(List<string> told)
    {
        if (random.Chance(50)) return;
        yaml.Append("triggers:\n");
        List<string> paths = [.. readables.Select(r => r.Path).Distinct(), .. told];
        for (var i = 0; i < 3; i++)
        {
            var on = hasJourney && random.Chance(40) ? $"stage({random.Pick([.. Stages, "*", "*"])})" : $"{random.Pick(["entered", "left"])}({random.Pick(["g0", "g1", "*"])})";
            var with = random.Chance(60) ? $", with: [{string.Join(", ", Enumerable.Range(0, 1 + random.Below(3)).Select(_ => random.Pick(paths)).Distinct())}]" : "";
            yaml.Append($"  t{i}: {{ on: {on}, to: [redis]{with} }}\n");
        }
    }
}
