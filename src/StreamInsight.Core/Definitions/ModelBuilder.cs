using StreamInsight.Definitions.Shapes;
using StreamInsight.Definitions.Yaml;

namespace StreamInsight.Definitions;

/// <summary>
/// Makes the definition from a checked document and adds the faults that only several places together show: names that do not exist, types that do
/// not fit. What is too faulty to be made is left out and remembered as unclear.
/// </summary>
internal sealed class ModelBuilder(YamlNode root, Faults faults)
{
    private readonly Fields _root = new(root, ModelShape.Root);
    private readonly HashSet<string> _unclear = [];

    public ModelDefinition Build()
    {
        foreach (var section in new[] { "features", "segments", "traits", "events", "scores", "queues" })
            if (_root.Node(section) is not (null or YamlMap or YamlText { IsNull: true }))
                _unclear.Add($"{section}.");
        var dedupe = _root.Map("dedupe", ModelShape.Dedupe);
        var events = Events();
        var segments = Segments();
        var journey = Journey();
        var subscribers = Subscribers();
        var decisions = new DecisionBuilder(_root, _unclear, faults);
        var defaults = new ModelDefinition { Name = "", Version = 0 };
        return new ModelDefinition
        {
            Name = _root.Text("model") ?? "",
            Version = _root.Whole("version") ?? 0,
            Zone = _root.Text("zone") is { } zone && Zone.Problem(zone) is null ? zone : defaults.Zone,
            LatenessMs = _root.Duration("lateness") ?? defaults.LatenessMs,
            DedupeWindowMs = dedupe.Duration("window") ?? defaults.DedupeWindowMs,
            DedupeMax = dedupe.Whole("max") ?? defaults.DedupeMax,
            ExactMax = _root.Whole("exact_max") ?? defaults.ExactMax,
            Traits = Traits(),
            Events = events,
            Features = new FeatureBuilder(_root.Entries("events"), events, _unclear, faults).Build(_root.Entries("features")),
            Journey = journey,
            Segments = segments,
            Triggers = new TriggerBuilder(_root, faults).Build(),
            Subscribers = subscribers,
            Scores = decisions.Scores(),
            Actions = decisions.Actions(),
            Arbitration = decisions.Arbitration(),
            Policy = decisions.Policy(),
            Queues = decisions.Queues(),
            Routing = decisions.Routing(),
            Pii = decisions.Pii(),
            Unclear = _unclear,
        };
    }

    private List<PropertyDefinition> Traits()
    {
        var own = _root.Entries("traits").Where(e => e.Key.Text != "group");
        var group = (_root.Node("traits") as YamlMap)?.Find("group") as YamlMap;
        return [.. Properties(own, "traits.", ""), .. Properties(group?.Entries ?? [], "traits.group.", "group.")];
    }

    private List<PropertyDefinition> Properties(IEnumerable<YamlEntry> entries, string path, string prefix)
    {
        var properties = new List<PropertyDefinition>();
        foreach (var (key, value) in entries)
        {
            var type = Array.IndexOf(ModelShape.TypeWords, (value as YamlText)?.Text);
            if (type < 0)
                _unclear.Add(path + key.Text);
            else
                properties.Add(new PropertyDefinition(prefix + key.Text, (PropertyType)type, key.Mark));
        }
        return properties;
    }

    private List<EventDefinition> Events()
    {
        var events = new List<EventDefinition>();
        var byWireName = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in _root.Entries("events"))
        {
            var fields = new Fields(value, ModelShape.Event);
            var name = fields.Text("name");
            if (name is not null && !byWireName.TryAdd(name, key.Text))
                faults.Add(fields.Node("name")!.Mark, $"events.{key.Text}: {Faults.Quote(name)} is the event {byWireName[name]} already; an event has one short name");
            if (name is not null && IsCall(key.Text) && name != key.Text)
                faults.Add(fields.Node("name")!.Mark, $"events.{key.Text}: {key.Text} stands for the {key.Text} calls, so its name must be {key.Text}; for another event choose another short name");
            var properties = Properties(fields.Entries("properties"), $"events.{key.Text}.", "");
            events.Add(new EventDefinition(key.Text, name ?? key.Text, properties, key.Mark));
        }
        return events;
    }

    internal static bool IsCall(string name) => name is "page" or "screen";

    private List<SegmentDefinition> Segments()
    {
        var segments = new List<SegmentDefinition>();
        foreach (var (key, value) in _root.Entries("segments"))
        {
            var fields = new Fields(value, ModelShape.Segment);
            if (fields.Expression("when") is { } when)
                segments.Add(new SegmentDefinition(key.Text, when, fields.Expression("exit"), fields.Duration("for") ?? 0, fields.Duration("min_stay") ?? 0, key.Mark));
            else
                _unclear.Add($"segments.{key.Text}");
        }
        return segments;
    }

    private JourneyDefinition? Journey()
    {
        if (_root.Node("journey") is not YamlMap map)
            return null;
        var fields = new Fields(map, ModelShape.Journey);
        var stages = fields.Items("stages").OfType<YamlText>().Select(s => s.Text).Distinct().ToList();
        var initial = fields.Scalar("initial");
        CheckStage(initial, "journey.initial", stages);
        var transitions = new List<TransitionDefinition>();
        var items = fields.Items("transitions");
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is not YamlMap item)
                continue;
            var one = new Fields(item, ModelShape.Transition);
            var path = $"journey.transitions[{i}]";
            if (one.Scalar("from") is { Text: not "*" } from)
                CheckStage(from, $"{path}.from", stages);
            CheckStage(one.Scalar("to"), $"{path}.to", stages);
            transitions.Add(new TransitionDefinition(
                one.Text("from") ?? "", one.Text("to") ?? "", one.Expression("when"), one.Duration("after"), one.Duration("min_dwell") ?? 0, item.Mark));
        }
        return new JourneyDefinition(initial?.Text ?? "", stages, transitions, map.Mark);
    }

    private void CheckStage(YamlText? name, string path, List<string> stages)
    {
        if (name is null || stages.Count == 0 || stages.Contains(name.Text) || NameRule.Common.Problem(name.Text) is not null)
            return;
        faults.Add(name.Mark, $"{path}: {Faults.Quote(name.Text)} is no stage of the journey.{faults.Suggest(name.Text, stages)} Allowed: {Some(stages)}");
    }

    private List<SubscriberDefinition> Subscribers()
    {
        var subscribers = new List<SubscriberDefinition>();
        foreach (var (key, value) in _root.Entries("subscribers"))
        {
            var fields = new Fields(value, ModelShape.Subscriber);
            if (fields.Text("url") is { } url)
                subscribers.Add(new SubscriberDefinition(key.Text, url, fields.Text("secret_env"), key.Mark));
        }
        return subscribers;
    }

    /// <summary>The first few of a list of names, for a message.</summary>
    internal static string Some(IReadOnlyCollection<string> names)
    {
        const int most = 12;
        if (names.Count == 0)
            return "none is declared";
        return string.Join(", ", names.Take(most).Select(Faults.Short)) + (names.Count > most ? $" and {names.Count - most} more" : "");
    }
}
