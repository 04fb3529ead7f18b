using StreamInsight.Server.Commands;

namespace StreamInsight.Server.Service;

/// <summary>A model read from its file: the text as it stands, and ready to run.</summary>
public sealed record LoadedModel(CompiledModel Compiled, byte[] Text)
{
    /// <summary>Throws <see cref="WrongInputException"/> with every fault, a line each.</summary>
    public static LoadedModel Load(FileInfo file) => new(ModelFile.Load(file), File.ReadAllBytes(file.FullName));
}
