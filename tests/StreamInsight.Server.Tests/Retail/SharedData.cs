namespace StreamInsight.Testing;

/// <summary>The real inputs beside the project, where they are there: <c>../shared/data</c>, or where STREAMINSIGHT_SHARED says.</summary>
public static class SharedData
{
    /// <summary>The project's folder; null when the tests run outside of it.</summary>
    public static string? Root { get; } = FindRoot();

    /// <summary>Null = not there.</summary>
    public static string? Find(string name)
    {
        string? shared = Environment.GetEnvironmentVariable("STREAMINSIGHT_SHARED") ?? (Root is null ? null : Path.Combine(Root, "..", "shared"));
        string? path = shared is null ? null : Path.Combine(shared, "data", name);
        return File.Exists(path) ? Path.GetFullPath(path) : null;
    }

    private static string? FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "StreamInsight.sln")))
                return directory.FullName;
        }
        return null;
    }
}
