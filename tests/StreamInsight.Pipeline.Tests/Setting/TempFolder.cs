namespace StreamInsight.Pipeline.Tests.Setting;

/// <summary>A folder of its own for one test.</summary>
public sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("streaminsight-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
