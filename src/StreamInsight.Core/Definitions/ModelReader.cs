using System.Text;
using StreamInsight.Definitions.Shapes;
using StreamInsight.Definitions.Yaml;

namespace StreamInsight.Definitions;

/// <summary>
/// Reads a model from YAML and says everything that is wrong with its form and its names. Expressions are only carried along; they are checked when
/// the model is compiled. Pure: the same text gives the same faults, in order of position.
/// </summary>
public static class ModelReader
{
    /// <summary>Longest text of a model, in UTF-8 bytes: 1 MiB.</summary>
    public const int MaxBytes = 1_048_576;

    /// <summary>The model, or null if there is any fault. Faults and warnings are added to <paramref name="faults"/>.</summary>
    public static ModelDefinition? Read(string yaml, List<ModelFault> faults)
    {
        var found = new List<ModelFault>();
        var model = ReadAll(yaml, found);
        faults.AddRange(found);
        return found.Exists(f => !f.IsWarning) ? null : model;
    }

    /// <summary>The same from the bytes of a file, which must be UTF-8.</summary>
    public static ModelDefinition? Read(ReadOnlySpan<byte> utf8, List<ModelFault> faults)
    {
        var found = new List<ModelFault>();
        if (ModelText.Decode(utf8, found) is { } text)
            return Read(text, faults);
        faults.AddRange(found);
        return null;
    }

    /// <summary>What could be made of the text in spite of its faults; null if it is no map at all.</summary>
    internal static ModelDefinition? ReadAll(string yaml, List<ModelFault> list)
    {
        var faults = new Faults(list);
        if (!ModelText.IsReadable(ref yaml, faults))
            return null;
        if (YamlTree.Parse(yaml, faults) is not { } root)
            return null;
        ModelShape.Root.Check(root, "", faults);
        var model = root is YamlMap ? new ModelBuilder(root, faults).Build() : null;
        if (model is not null)
            ModelWarnings.Add(model, faults);
        list.Sort((a, b) => a.Mark.CompareTo(b.Mark));
        return model;
    }
}
