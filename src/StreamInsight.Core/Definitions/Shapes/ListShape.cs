using System.Text.Json.Nodes;
using StreamInsight.Definitions.Yaml;

namespace StreamInsight.Definitions.Shapes;

/// <summary>A list of one shape. Where <paramref name="unique"/>, no text stands twice.</summary>
internal sealed class ListShape(string what, Shape item, int min, int max, bool unique = false) : Shape
{
    public override string Allowed => min > 0 ? $"a list of {what}, at least {min}" : $"a list of {what}";

    public override void Check(YamlNode node, string path, Faults faults)
    {
        if (node is not YamlList list)
        {
            Refuse(node, path, faults);
            return;
        }
        if (list.Items.Count < min || list.Items.Count > max)
            faults.Add(list.Mark, $"{path}: {list.Items.Count} {what} are given; allowed are {min} to {max}");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Math.Min(list.Items.Count, max); i++)
        {
            var one = list.Items[i];
            item.Check(one, $"{path}[{i}]", faults);
            if (unique && one is YamlText text && !seen.Add(text.Text))
                faults.Add(one.Mark, $"{path}: {Faults.Quote(text.Text)} stands here twice");
        }
    }

    public override JsonObject Schema(SchemaDefs defs)
    {
        var list = new JsonObject { ["type"] = "array", ["items"] = defs.Of(item), ["maxItems"] = max };
        if (min > 0)
            list["minItems"] = min;
        if (unique)
            list["uniqueItems"] = true;
        return list;
    }
}
