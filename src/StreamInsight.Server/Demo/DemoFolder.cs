using System.Text.Json;

namespace StreamInsight.Server.Demo;

/// <summary>Where a demo keeps log and state: a temporary folder that goes at the end, or one that is kept and remembers how far the simulation was.</summary>
internal sealed class DemoFolder : IDisposable
{
    private const string FileName = "demo.json";

    private DemoFolder(DirectoryInfo place, bool isKept, DemoProgress? progress) => (Place, IsKept, Progress) = (place, isKept, progress);

    public DirectoryInfo Place { get; }

    public bool IsKept { get; }

    /// <summary>Where the last demo in this folder stopped; null = there was none.</summary>
    public DemoProgress? Progress { get; }

    /// <summary>Opens the folder, or makes a temporary one. Throws <see cref="WrongInputException"/> for a folder that holds something else.</summary>
    public static DemoFolder Open(DirectoryInfo? given)
    {
        if (given is null)
            return new DemoFolder(Directory.CreateTempSubdirectory("streaminsight-demo-"), false, null);
        given.Create();
        var file = Path.Combine(given.FullName, FileName);
        if (File.Exists(file))
            return new DemoFolder(given, true, Read(file));
        if (given.EnumerateFileSystemInfos().Any())
            throw new WrongInputException($"{given}: holds something, but no demo. Give --data an empty folder, or that of an earlier demo.");
        return new DemoFolder(given, true, null);
    }

    /// <summary>Remembers how far it is.</summary>
    public void Save(DemoProgress progress)
    {
        if (!IsKept)
            return;
        var file = Path.Combine(Place.FullName, FileName);
        File.WriteAllBytes(file + ".new", JsonSerializer.SerializeToUtf8Bytes(progress));
        File.Move(file + ".new", file, overwrite: true);
    }

    public void Dispose()
    {
        if (!IsKept)
            Place.Delete(recursive: true);
    }

    private static DemoProgress Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<DemoProgress>(File.ReadAllBytes(file)) ?? throw new JsonException("it is empty");
        }
        catch (JsonException error)
        {
            throw new WrongInputException($"{file}: cannot be read ({error.Message}). Give --data another folder, or delete this one.");
        }
    }
}
