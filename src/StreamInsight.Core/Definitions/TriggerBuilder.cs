using StreamInsight.Definitions.Shapes;
using StreamInsight.Definitions.Yaml;

namespace StreamInsight.Definitions;

/// <summary>Makes the triggers and checks that the segments, stages and sinks they name exist.</summary>
internal sealed class TriggerBuilder(Fields root, Faults faults)
{
    private readonly HashSet<string> _segments = [.. root.Entries("segments").Select(e => e.Key.Text)];
    private readonly HashSet<string> _stages =
        [.. root.Map("journey", ModelShape.Journey).Items("stages").OfType<YamlText>().Select(s => s.Text)];
    private readonly HashSet<string> _sinks = ["redis", "kafka", .. root.Entries("subscribers").Select(e => e.Key.Text)];

    public List<TriggerDefinition> Build()
    {
        var triggers = new List<TriggerDefinition>();
        foreach (var (key, value) in root.Entries("triggers"))
        {
            var fields = new Fields(value, ModelShape.Trigger);
            var path = $"triggers.{key.Text}";
            var on = On(fields.Scalar("on"), path);
            foreach (var sink in fields.Items("to").OfType<YamlText>().Where(s => s.Kind == YamlKind.Text && !_sinks.Contains(s.Text)))
                faults.Add(sink.Mark, $"{path}.to: {Faults.Quote(sink.Text)} is no sink.{faults.Suggest(sink.Text, _sinks)} Declare it under subscribers:, or use one of: {ModelBuilder.Some(_sinks)}");
            if (fields.Node("to") is null or YamlList { Items.Count: 0 })
                faults.Warn(key.Mark, $"{path}: to: is missing or empty, so its facts are written and delivered to nobody");
            if (on is not null)
                triggers.Add(Trigger(key, fields, on.Value.On, on.Value.Target));
        }
        return triggers;
    }

    private static TriggerDefinition Trigger(YamlText key, Fields fields, TriggerOn on, string target) => new(
        key.Text, on, target, fields.Duration("max_age"),
        [.. fields.Items("to").OfType<YamlText>().Select(s => s.Text)],
        [.. fields.Items("with").Select(ExpressionShape.Read).OfType<ExpressionSource>()],
        key.Mark);

    /// <summary>What the text <c>entered(name)</c> means; null if it is faulty in form.</summary>
    private (TriggerOn On, string Target)? On(YamlText? text, string path)
    {
        if (text is null || text.Text.IndexOf('(') is var open && open < 0 || !text.Text.EndsWith(')'))
            return null;
        var target = text.Text[(open + 1)..^1].Trim();
        var at = new ExpressionSource(text.Text, text.Mark) { Raw = text.Raw }.At(text.Text.IndexOf(target, open, StringComparison.Ordinal));
        switch (text.Text[..open])
        {
            case "entered":
                CheckSegment(target, at, path);
                return (TriggerOn.Entered, target);
            case "left":
                CheckSegment(target, at, path);
                return (TriggerOn.Left, target);
            case "stage":
                CheckStage(target, at, path);
                return (TriggerOn.Stage, target);
            default:
                return null;
        }
    }

    private void CheckSegment(string name, Mark mark, string path)
    {
        if (name != "*" && !_segments.Contains(name))
            faults.Add(mark, $"{path}.on: {Faults.Quote(name)} is no segment.{faults.Suggest(name, _segments)} Allowed: {ModelBuilder.Some(_segments)}");
    }

    private void CheckStage(string name, Mark mark, string path)
    {
        if (!root.Has("journey"))
            faults.Add(mark, $"{path}.on: the model has no journey; without one there are no stages");
        else if (name != "*" && _stages.Count > 0 && !_stages.Contains(name))
            faults.Add(mark, $"{path}.on: {Faults.Quote(name)} is no stage of the journey.{faults.Suggest(name, _stages)} Allowed: {ModelBuilder.Some(_stages)}");
    }
}
