using StreamInsight.Definitions;
using StreamInsight.Definitions.Yaml;

namespace StreamInsight.Server.Fit;

/// <summary>Puts estimates into the text of a model and leaves every other character as it is.</summary>
internal static class ModelPatch
{
    /// <summary>The model's text with the estimates in place: parameters at the first <c>clv</c> (else <c>p_alive</c>) of each group, cuts at its first <c>rfm</c>, or where some stand already.</summary>
    public static string Apply(string yaml, IEnumerable<Estimate> estimates)
    {
        foreach (Estimate estimate in estimates)
        {
            if (estimate.Parameters() is { } parameters)
                yaml = Put(yaml, estimate.Group, "parameters", parameters, Aggregate.Clv, Aggregate.PAlive);
            if (estimate.CutsText() is { } cuts)
                yaml = Put(yaml, estimate.Group, "cuts", cuts, Aggregate.Rfm);
        }

        return yaml;
    }

    private static string Put(string yaml, PurchaseGroup group, string key, string text, params Aggregate[] aggregates)
    {
        var root = (YamlMap)YamlTree.Parse(yaml, new Faults([]))!;
        var features = (YamlMap)root.Find("features")!;
        var places = aggregates
            .SelectMany(aggregate => group.Features.Where(feature => feature.Aggregate == aggregate))
            .Select(feature => (YamlMap)((YamlMap)features.Find(feature.Name)!).Entries.First(entry => entry.Key.Text is "clv" or "p_alive" or "rfm").Value)
            .ToList();
        foreach (YamlMap place in places)
            if (place.Find(key) is { } old)
                return Replace(yaml, old, key, text);
        int at = Offset(yaml, places[0].Mark);
        return yaml[at] == '{'
            ? yaml[..(at + 1)] + $" {key}: {text}," + yaml[(at + 1)..]
            : yaml[..at] + $"{key}: {text}\n{new string(' ', places[0].Mark.Column - 1)}" + yaml[at..];
    }

    /// <summary>A flow map of numbers and lists of numbers ends at its first closing brace.</summary>
    private static string Replace(string yaml, YamlNode old, string key, string text)
    {
        int at = Offset(yaml, old.Mark);
        int end = yaml[at] == '{' ? yaml.IndexOf('}', at) : -1;
        return end >= 0
            ? yaml[..at] + text + yaml[(end + 1)..]
            : throw new WrongInputException($"{old.Mark.Line}:{old.Mark.Column}: {key} stand here over several lines; take them out or write them as {{ … }}, then --write can put the new ones there");
    }

    private static int Offset(string yaml, Mark mark)
    {
        int at = 0;
        for (int line = 1; line < mark.Line; line++)
            at = yaml.IndexOf('\n', at) + 1;
        return at + mark.Column - 1;
    }
}
