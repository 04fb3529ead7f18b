using StreamInsight.Definitions.Shapes;
using StreamInsight.Definitions.Yaml;

namespace StreamInsight.Definitions;

/// <summary>Makes the features and checks that the events and properties they name exist and fit.</summary>
internal sealed class FeatureBuilder(IReadOnlyList<YamlEntry> declared, IReadOnlyList<EventDefinition> events, HashSet<string> unclear, Faults faults)
{
    private readonly Dictionary<string, EventDefinition> _events = events.ToDictionary(e => e.ShortName, StringComparer.Ordinal);
    private readonly Dictionary<string, YamlNode> _declared = declared.ToDictionary(e => e.Key.Text, e => e.Value, StringComparer.Ordinal);
    private readonly PurchaseBuilder _purchases = new(faults);
    private readonly List<string> _names = [.. events.Select(e => e.ShortName).Union(["page", "screen", "\"*\""])];

    public List<FeatureDefinition> Build(IReadOnlyList<YamlEntry> entries)
    {
        var features = new List<FeatureDefinition>();
        foreach (var (key, value) in entries)
        {
            if (Feature(key, value) is { } feature)
                features.Add(feature);
            else
                unclear.Add($"features.{key.Text}");
        }
        _purchases.Share(features);
        return features;
    }

    /// <summary>The feature, or null if it is not clear what it is.</summary>
    private FeatureDefinition? Feature(YamlText key, YamlNode value)
    {
        var fields = new Fields(value, ModelShape.Feature);
        if (AggregateRule.All.FirstOrDefault(r => fields.Has(r.Key)) is not { } rule)
            return null;
        var path = $"features.{key.Text}.{rule.Key}";
        var feature = new FeatureDefinition
        {
            Name = key.Text,
            Aggregate = rule.Aggregate,
            Mark = key.Mark,
            Where = fields.Expression("where"),
            WindowMs = fields.Duration("window"),
            OffsetMs = fields.Duration("offset") ?? 0,
            HalfLifeMs = fields.Duration("half_life") ?? 0,
            WithinMs = fields.Duration("within") ?? 0,
            GapMs = fields.Duration("gap") ?? 0,
            K = fields.Whole("k") ?? 5,
            ExactMax = fields.Whole("exact_max"),
        };
        switch (rule.Operand)
        {
            case Operand.Expression:
                return fields.Expression("expr") is { } expression ? feature with { Expression = expression } : null;
            case Operand.Steps:
                var steps = fields.Items(rule.Key).OfType<YamlText>().Where(s => s.Kind == YamlKind.Text).ToList();
                var known = steps.Count(step => CheckEvent(step, step.Text, path));
                return known > 1 && known == fields.Items(rule.Key).Count ? feature with { Events = [.. steps.Select(s => s.Text)] } : null;
            case Operand.Purchases:
                if (_purchases.Read(fields, rule, $"features.{key.Text}") is not { } read)
                    return null;
                return Observing(feature with { Purchases = read.Reading }, rule, read.Value ?? read.Purchases, path);
            default:
                var observing = fields.Scalar(rule.Key) is { Kind: YamlKind.Text } operand ? Observing(feature, rule, operand, path) : null;
                return observing is { Aggregate: Aggregate.Decayed, HalfLifeMs: 0 } ? null : observing;
        }
    }

    private FeatureDefinition? Observing(FeatureDefinition feature, AggregateRule rule, YamlText operand, string path)
    {
        var dot = operand.Text.IndexOf('.');
        var name = dot < 0 ? operand.Text : operand.Text[..dot];
        var property = dot < 0 ? null : operand.Text[(dot + 1)..];
        if ((property is null && rule.Operand == Operand.Property) || !NamesOnly(name, property))
            return null;
        if (!CheckEvent(operand, name, path))
            return null;
        if (property is not null && !CheckProperty(operand, dot + 1, name, property, rule, path))
            return null;
        return feature with { Events = [name], Property = property };
    }

    private static bool NamesOnly(string name, string? property) =>
        (name == "*" || IsWord(name)) && (property is null || IsWord(property));

    private static bool IsWord(string text) =>
        text.Length > 0 && !char.IsAsciiDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    /// <summary>True if the event exists, is page or screen, or stands for all.</summary>
    private bool CheckEvent(YamlText at, string name, string path)
    {
        if (name == "*" || ModelBuilder.IsCall(name) || _events.ContainsKey(name))
            return true;
        if (!IsWord(name))
            return false;
        faults.Add(at.Mark, $"{path}: {Faults.Quote(name)} is no declared event.{faults.Suggest(name, _names)} Declare it under events:, or use one of: {ModelBuilder.Some(_names)}");
        return false;
    }

    private bool CheckProperty(YamlText operand, int offset, string name, string property, AggregateRule rule, string path)
    {
        var mark = new ExpressionSource(operand.Text, operand.Mark) { Raw = operand.Raw }.At(offset);
        if (unclear.Contains($"events.{name}.{property}"))
            return false;
        if (TypeOf(name, property) is not { } type)
        {
            faults.Add(mark, $"{path}: {NoProperty(name, property)}");
            return false;
        }
        if (rule.Types.Contains(type))
            return true;
        var allowed = string.Join(", ", rule.Types.Select(t => ModelShape.TypeWords[(int)t]));
        faults.Add(mark, $"{path}: {name}.{property} is of type {ModelShape.TypeWords[(int)type]}; {rule.Key} works with {allowed}");
        return false;
    }

    /// <summary>The type of a property; null = the event has none of that name.</summary>
    private PropertyType? TypeOf(string name, string property)
    {
        if (_events.TryGetValue(name, out var declaredEvent) && declaredEvent.Properties.FirstOrDefault(p => p.Name == property) is { } own)
            return own.Type;
        return property switch
        {
            "timestamp" => PropertyType.Timestamp,
            "channel" => PropertyType.String,
            _ => null,
        };
    }

    private string NoProperty(string name, string property)
    {
        if (name == "*")
            return $"\"*\" knows only *.timestamp and *.channel, not {Faults.Quote(property)}";
        if (!_declared.ContainsKey(name))
            return $"{name} has no properties of its own, only {name}.timestamp and {name}.channel";
        string[] names = [.. _events[name].Properties.Select(p => p.Name), "timestamp", "channel"];
        return $"the event {name} has no property {Faults.Quote(property)}.{faults.Suggest(property, names)} Declare it under events.{name}.properties, or use one of: {ModelBuilder.Some(names)}";
    }
}
