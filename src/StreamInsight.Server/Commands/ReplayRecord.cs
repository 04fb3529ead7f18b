using System.Text.Json;

namespace StreamInsight.Server.Commands;

/// <summary>What a replay was made from, kept beside its output as <c>replay.json</c> so that <c>explain</c> finds it.</summary>
public sealed record ReplayRecord(FileInfo Model, FileInfo Events, long? UntilMs)
{
    private const string FileName = "replay.json";

    public void Write(DirectoryInfo directory) => File.WriteAllText(
        Path.Combine(directory.FullName, FileName),
        JsonSerializer.Serialize(new Content(Model.FullName, Events.FullName, UntilMs)));

    public static ReplayRecord Read(DirectoryInfo directory)
    {
        string path = Path.Combine(directory.FullName, FileName);
        if (!File.Exists(path))
            throw new WrongInputException($"{directory}: holds no {FileName}; --replayed wants a directory that 'streaminsight replay --out' wrote.");
        try
        {
            if (JsonSerializer.Deserialize<Content>(File.ReadAllText(path)) is { Model: not null, Events: not null } content)
                return new ReplayRecord(new FileInfo(content.Model), new FileInfo(content.Events), content.UntilMs);
        }
        catch (JsonException)
        {
            // told below
        }

        throw new WrongInputException($"{path}: is not what 'streaminsight replay --out' writes; replay again.");
    }

    private sealed record Content(string Model, string Events, long? UntilMs);
}
