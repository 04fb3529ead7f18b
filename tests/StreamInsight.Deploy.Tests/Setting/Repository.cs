namespace StreamInsight.Deploy.Tests.Setting;

/// <summary>The folder that this project was built from.</summary>
internal static class Repository
{
    public static string Path { get; } = Find();

    public static string File(string name) => System.IO.Path.Combine(Path, name);

    public static string Read(string name) => System.IO.File.ReadAllText(File(name));

    private static string Find()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !System.IO.File.Exists(System.IO.Path.Combine(folder, "StreamInsight.sln")))
            folder = System.IO.Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("There is no StreamInsight.sln above the tests.");
    }
}
