using StreamInsight.Definitions;
using StreamInsight.Pipeline;
using StreamInsight.Sqlite;

namespace StreamInsight.Server.Service;

/// <summary>Which model a data folder belongs to.</summary>
internal static class StoredModel
{
    private const string Name = "model";

    /// <summary>
    /// Takes an empty folder for this model; refuses one of another. A new version of the same model is fine: what a customer's state does not
    /// know yet starts empty.
    /// </summary>
    public static void Check(SqliteFile file, ModelDefinition model)
    {
        string? stored = file.ReadMeta(Name);
        if (stored is not null && stored[..stored.LastIndexOf('@')] != model.Name)
            throw new WrongInputException($"{file.Path}: holds the customers of the model {stored}, not of {model.Name}. Give another folder with --data, or name the model {stored[..stored.LastIndexOf('@')]}.");
        if (stored is not null && int.TryParse(stored[(stored.LastIndexOf('@') + 1)..], out int version) && version > model.Version)
            throw new WrongInputException($"{file.Path}: was written with {stored}; the model given is older ({model.Id}). Give the newer model, or raise its version.");
        if (stored != model.Id)
            file.WriteMeta(Name, model.Id);
    }
}
