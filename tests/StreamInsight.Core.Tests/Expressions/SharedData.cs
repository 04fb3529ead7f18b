namespace StreamInsight.Tests.Expressions;

/// <summary>Data that lies next to a checkout and is not part of it; tests that need it skip where it is not there.</summary>
internal static class SharedData
{
    public static string? Find(string relativePath)
    {
        var shared = Environment.GetEnvironmentVariable("STREAMINSIGHT_SHARED") is { Length: > 0 } stated ? stated : NextToCheckout();
        if (shared is null)
            return null;
        return new[] { Path.Combine(shared, "data", relativePath), Path.Combine(shared, relativePath) }.FirstOrDefault(File.Exists);
    }

    private static string? NextToCheckout()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "StreamInsight.sln")))
                return Path.GetFullPath(Path.Combine(folder.FullName, "../shared"));
        return null;
    }
}
