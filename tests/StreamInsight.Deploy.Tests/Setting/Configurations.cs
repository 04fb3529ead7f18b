using StreamInsight.Server.Configuration;

namespace StreamInsight.Deploy.Tests.Setting;

/// <summary>The configurations that are deployed, where the service's own reader can read them.</summary>
internal static class Configurations
{
    /// <summary>The file; a copy without <c>cluster:</c> where this build knows no clusters yet.</summary>
    public static string Readable(string file)
    {
        if (ConfigTable.Text().Contains("| `cluster", StringComparison.Ordinal))
            return Repository.File(file);
        string copy = Path.Combine(Directory.CreateTempSubdirectory("streaminsight-config-").FullName, "insight.yaml");
        File.WriteAllLines(copy, File.ReadLines(Repository.File(file)).Where(line => !line.StartsWith("cluster:", StringComparison.Ordinal)));
        return copy;
    }
}
