namespace StreamInsight.Definitions;

/// <summary>
/// Reads and compiles a model in one go and tells everything that is wrong with it: form, names and expressions. A model whose form is faulty is compiled
/// too, as far as it goes, so that the faults of its expressions come in the same run.
/// </summary>
public static class ModelCheck
{
    private static readonly string[] Named = ["features.", "segments.", "traits.", "events."];

    public static CheckedModel All(string yaml)
    {
        var faults = new List<ModelFault>();
        var definition = ModelReader.ReadAll(yaml, faults);
        var isFormGood = !faults.Exists(f => !f.IsWarning);
        CompiledModel? model = null;
        if (definition is not null && !Named.Any(definition.Unclear.Contains))
            model = CompiledModel.Compile(definition, faults);
        return new CheckedModel(isFormGood ? model : null, Sorted(faults));
    }

    /// <summary>The same from the bytes of a file.</summary>
    public static CheckedModel All(ReadOnlySpan<byte> utf8)
    {
        var faults = new List<ModelFault>();
        return ModelText.Decode(utf8, faults) is { } text ? All(text) : new CheckedModel(null, faults);
    }

    private static List<ModelFault> Sorted(List<ModelFault> faults) => [.. faults.Distinct().OrderBy(f => f.Mark)];
}
