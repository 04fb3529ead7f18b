using System.Globalization;
using StreamInsight.Oracle.Language;
using YamlDotNet.RepresentationModel;

namespace StreamInsight.Oracle.Models;

/// <summary>Reads a model that is known to be sound; faults are the engine's business.</summary>
public static class ModelText
{
    private static readonly string[] Aggregates =
        ["count", "sum", "avg", "stddev", "min", "max", "first", "last", "last_k", "distinct", "mode", "decayed", "sequence", "sessions", "expr"];

    public static Model Parse(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        var root = (YamlMappingNode)stream.Documents[0].RootNode;
        var dedupe = Map(root, "dedupe");
        var exactMax = Number(root, "exact_max") ?? 64;
        var events = Entries(root, "events").Select(e => new Event(e.Key, Text(e.Value, "name") ?? e.Key,
            Map(e.Value, "properties").Children.ToDictionary(p => Name(p.Key), p => Name(p.Value)))).ToList();
        return new Model
        {
            Id = $"{Text(root, "model")}@{Text(root, "version")}",
            Zone = Text(root, "zone") ?? "UTC",
            LatenessMs = Duration(root, "lateness") ?? 24 * 3_600_000L,
            DedupeWindowMs = Duration(dedupe, "window") ?? 3_600_000L,
            DedupeMax = Number(dedupe, "max") ?? 32,
            ExactMax = exactMax,
            Traits = Traits(Map(root, "traits"), "").ToList(),
            Events = events,
            Features = Entries(root, "features").Select(f => Feature(f.Key, f.Value, exactMax, events)).ToList(),
            Journey = root.Children.ContainsKey("journey") ? Journey(Map(root, "journey")) : null,
            Segments = Entries(root, "segments").Select(s => new Segment(
                s.Key, CelParser.Parse(Text(s.Value, "when")!), Expression(s.Value, "exit"), Duration(s.Value, "for") ?? 0, Duration(s.Value, "min_stay") ?? 0)).ToList(),
            Triggers = Entries(root, "triggers").Select(t => Trigger(t.Key, t.Value)).ToList(),
            Scores = Entries(root, "scores").Select(s => new Score(s.Key, Expression(s.Value, "expr")!)).ToList(),
            Actions = Entries(root, "actions").Select(a => Action(a.Key, a.Value)).ToList(),
            Arbitration = Arbitration(Map(root, "arbitration")),
            Policy = Policy(Map(root, "policy")),
            Queues = Entries(root, "queues").Select(q => Queue(q.Key, q.Value)).ToList(),
            Routing = root.Children.ContainsKey("routing") ? Routing(Map(root, "routing")) : null,
        };
    }

    private static IEnumerable<KeyValuePair<string, string>> Traits(YamlMappingNode map, string prefix)
    {
        foreach (var (key, value) in map.Children)
            if (value is YamlMappingNode group)
                foreach (var inner in Traits(group, Name(key) + ".")) yield return inner;
            else yield return new(prefix + Name(key), Name(value));
    }

    private static Feature Feature(string name, YamlMappingNode map, int exactMax, List<Event> declared)
    {
        var aggregate = Aggregates.First(a => map.Children.ContainsKey(a));
        var of = map.Children[aggregate];
        string? property = null;
        List<string> events = [];
        if (of is YamlSequenceNode steps) events = steps.Select(Name).ToList();
        else if (aggregate != "expr")
        {
            var parts = Name(of).Split('.', 2);
            events = [parts[0]];
            property = parts.Length > 1 ? parts[1] : null;
        }
        return new Feature(name, aggregate)
        {
            Events = events,
            Property = property,
            PropertyType = property is null ? null : declared.FirstOrDefault(e => e.Short == events[0])?.Properties.GetValueOrDefault(property),
            Where = Expression(map, "where"),
            WindowMs = Duration(map, "window"),
            OffsetMs = Duration(map, "offset") ?? 0,
            HalfLifeMs = Duration(map, "half_life") ?? 0,
            WithinMs = Duration(map, "within") ?? 0,
            GapMs = Duration(map, "gap") ?? 0,
            K = Number(map, "k") ?? 5,
            ExactMax = Number(map, "exact_max") ?? exactMax,
            Expression = Expression(map, "expr"),
        };
    }

    private static Journey Journey(YamlMappingNode map) => new(
        Text(map, "initial")!,
        ((YamlSequenceNode)map.Children["stages"]).Select(Name).ToList(),
        !map.Children.ContainsKey("transitions") ? [] : ((YamlSequenceNode)map.Children["transitions"]).Cast<YamlMappingNode>().Select(t => new Transition(
            Text(t, "from")!, Text(t, "to")!, Expression(t, "when"), Math.Max(Duration(t, "after") ?? 0, Duration(t, "min_dwell") ?? 0))).ToList());

    private static Trigger Trigger(string name, YamlMappingNode map)
    {
        var on = Text(map, "on")!.TrimEnd(')').Split('(');
        return new Trigger(name, on[0].Trim(), on[1].Trim(),
            map.Children.TryGetValue("with", out var with) ? ((YamlSequenceNode)with).Select(Name).ToList() : []);
    }

    private static CustomerAction Action(string name, YamlMappingNode map) => new(name, Names(map, "channels")!, Expression(map, "eligible")!)
    {
        Value = Expression(map, "value")!,
        Propensity = Expression(map, "propensity"),
        Context = Expression(map, "context"),
        Lever = Expression(map, "lever"),
        IsCommercial = Text(map, "class") is null or "commercial",
        Topic = Text(map, "topic"),
        Purpose = Text(map, "purpose"),
        Queue = Text(map, "queue"),
        Content = Map(map, "content").Children.Select(c => KeyValuePair.Create(Name(c.Key), Name(c.Value))).ToList(),
    };

    private static Arbitration Arbitration(YamlMappingNode map)
    {
        var exponents = Map(map, "exponents");
        return new(Real(exponents, "propensity") ?? 1, Real(exponents, "context") ?? 1, Real(exponents, "value") ?? 1, Real(exponents, "lever") ?? 1,
            Number(map, "top") ?? 3, Real(map, "explore") ?? 0);
    }

    private static Policy Policy(YamlMappingNode map) => new()
    {
        Consent = map.Children.ContainsKey("consent") ? Map(map, "consent").Children.ToDictionary(c => Name(c.Key), c => CelParser.Parse(Name(c.Value))) : null,
        Caps = Sequence(map, "caps").Select(c => new Cap(Text(c, "channel"), Text(c, "topic"), Number(c, "max")!.Value, Duration(c, "window")!.Value)).ToList(),
        ReserveMs = Duration(map, "reserve_for") ?? 15 * 60_000L,
        Reject = Map(map, "reject") is { Children.Count: > 0 } reject
            ? new(Number(reject, "after")!.Value, Duration(reject, "within")!.Value, Duration(reject, "pause")!.Value) : null,
        Quiet = Map(map, "quiet") is { Children.Count: > 0 } quiet
            ? new(Minutes(quiet, "from"), Minutes(quiet, "to"), Expression(quiet, "zone"), Text(quiet, "unknown_zone") ?? "hold", Names(quiet, "channels")) : null,
        HoldoutShare = Real(Map(map, "holdout"), "share") ?? 0,
        HoldoutSalt = Text(Map(map, "holdout"), "salt") ?? "",
    };

    private static Queue Queue(string name, YamlMappingNode map) => new(name, Real(map, "target"), Duration(map, "stale_after") ?? 5 * 60_000L,
        Map(map, "default").Children.ToDictionary(d => Name(d.Key), d => Name(d.Key) is "waiting" or "agents_free"
            ? long.Parse(Name(d.Value), CultureInfo.InvariantCulture) : (object)double.Parse(Name(d.Value), CultureInfo.InvariantCulture)));

    private static RoutingRules Routing(YamlMappingNode map) => new(Expression(map, "queue")!, Expression(map, "score")!,
        Map(map, "reasons").Children.Select(r => KeyValuePair.Create(Name(r.Key), CelParser.Parse(Name(r.Value)))).ToList(),
        Expression(map, "agent"), Expression(map, "skills"), Duration(map, "valid_for") ?? 30 * 60_000L);

    private static int Minutes(YamlMappingNode map, string key) =>
        Text(map, key)!.Split(':') is [var hours, var minutes] ? int.Parse(hours, CultureInfo.InvariantCulture) * 60 + int.Parse(minutes, CultureInfo.InvariantCulture) : 0;

    private static List<string>? Names(YamlMappingNode map, string key) =>
        map.Children.TryGetValue(key, out var node) ? ((YamlSequenceNode)node).Select(Name).ToList() : null;

    private static IEnumerable<YamlMappingNode> Sequence(YamlMappingNode map, string key) =>
        map.Children.TryGetValue(key, out var node) ? ((YamlSequenceNode)node).Cast<YamlMappingNode>() : [];

    private static double? Real(YamlMappingNode map, string key) => Text(map, key) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;

    private static IEnumerable<KeyValuePair<string, YamlMappingNode>> Entries(YamlMappingNode map, string key) =>
        Map(map, key).Children.Select(c => KeyValuePair.Create(Name(c.Key), c.Value as YamlMappingNode ?? []));

    private static YamlMappingNode Map(YamlMappingNode map, string key) =>
        map.Children.TryGetValue(key, out var node) && node is YamlMappingNode inner ? inner : [];

    private static string Name(YamlNode node) => ((YamlScalarNode)node).Value!;

    private static string? Text(YamlMappingNode map, string key) => map.Children.TryGetValue(key, out var node) ? Name(node) : null;

    private static Cel? Expression(YamlMappingNode map, string key) => Text(map, key) is { } text ? CelParser.Parse(text) : null;

    private static long? Duration(YamlMappingNode map, string key) =>
        Text(map, key) is { } text ? Durations.Parse(text) ?? throw new FormatException($"{key}: {text}") : null;

    private static int? Number(YamlMappingNode map, string key) => Text(map, key) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
