using StreamInsight.Definitions;

namespace StreamInsight.Server.Service;

/// <summary>A model read from its file: the text as it stands, and ready to run.</summary>
public sealed record LoadedModel(CompiledModel Compiled, byte[] Text)
{
    /// <summary>Throws <see cref="WrongInputException"/> with every fault, a line each.</summary>
    public static LoadedModel Load(string path)
    {
        byte[] text;
        try
        {
            text = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new WrongInputException($"{path}: cannot be read: {error.Message}");
        }
        var faults = new List<ModelFault>();
        CompiledModel? model = ModelReader.Read(text, faults) is { } definition ? CompiledModel.Compile(definition, faults) : null;
        return model is null || faults.Exists(fault => !fault.IsWarning)
            ? throw new WrongInputException([.. faults.Where(fault => !fault.IsWarning).Select(fault => $"{path}:{fault}")])
            : new LoadedModel(model, text);
    }
}
