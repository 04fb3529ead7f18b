using StreamInsight.Definitions;

namespace StreamInsight.Server;

/// <summary>Loads a model from a file, or says everything that is wrong with it.</summary>
public static class ModelFile
{
    public static CompiledModel Load(string path)
    {
        if (!File.Exists(path))
            throw new WrongInputException($"{path}: there is no such file. A model is a YAML file; see docs/model.md, or start from samples/quickstart.yaml.");

        var faults = new List<ModelFault>();
        CompiledModel? model = ModelReader.Read(File.ReadAllText(path), faults) is { } definition ? CompiledModel.Compile(definition, faults) : null;
        if (model is not null && faults.All(fault => fault.IsWarning))
            return model;
        throw new WrongInputException([.. faults.Where(fault => !fault.IsWarning).OrderBy(fault => fault.Mark.Line).ThenBy(fault => fault.Mark.Column).Select(fault => $"{path}:{fault}")]);
    }
}
