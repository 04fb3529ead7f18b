using System.Text.Json.Nodes;
using StreamInsight.Deploy.Tests.Setting;

namespace StreamInsight.Deploy.Tests.Grafana;

/// <summary>The dashboards and what they ask.</summary>
internal static class Dashboards
{
    public static string[] Files => [.. Directory.GetFiles(Repository.File("deploy/grafana/dashboards"), "*.json").Order()];

    public static IEnumerable<JsonNode> Panels(string file) => JsonNode.Parse(File.ReadAllText(file))!["panels"]!.AsArray()!;

    /// <summary>Every query of every panel, as Grafana sends it: its variables filled in with all there is.</summary>
    public static IEnumerable<(string Panel, string Query)> Queries() =>
        from file in Files
        from panel in Panels(file)
        from target in panel["targets"]?.AsArray() ?? []
        select ($"{Path.GetFileName(file)}: {panel["title"]}", Fill(target["expr"]!.GetValue<string>()));

    private static string Fill(string query) => query
        .Replace("$__rate_interval", "20s", StringComparison.Ordinal).Replace("$instance", ".*", StringComparison.Ordinal).Replace("$segment", ".*", StringComparison.Ordinal);
}
