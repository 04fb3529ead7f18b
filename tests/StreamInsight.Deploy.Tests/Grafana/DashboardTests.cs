using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StreamInsight.Deploy.Tests.Setting;

namespace StreamInsight.Deploy.Tests.Grafana;

public sealed partial class DashboardTests
{
    public static TheoryData<string> Names => [.. Dashboards.Files.Select(file => Path.GetFileName(file))];

    private static string FileOf(string name) => Repository.File($"deploy/grafana/dashboards/{name}");

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_panel_has_a_title_a_place_of_its_own_and_the_provisioned_source(string name)
    {
        var taken = new HashSet<(long X, long Y)>();
        var ids = new HashSet<long>();
        foreach (JsonNode panel in Dashboards.Panels(FileOf(name)))
        {
            Assert.False(string.IsNullOrWhiteSpace(panel["title"]!.GetValue<string>()));
            Assert.True(ids.Add(panel["id"]!.GetValue<long>()));
            JsonNode place = panel["gridPos"]!;
            long x = place["x"]!.GetValue<long>(), y = place["y"]!.GetValue<long>(), w = place["w"]!.GetValue<long>(), h = place["h"]!.GetValue<long>();
            Assert.True(x >= 0 && x + w <= 24);
            for (long column = x; column < x + w; column++)
                for (long line = y; line < y + h; line++)
                    Assert.True(taken.Add((column, line)), $"{panel["title"]} lies over another panel");
            if (panel["type"]!.GetValue<string>() == "row")
                continue;
            Assert.Equal("prometheus", panel["datasource"]!["uid"]!.GetValue<string>());
            Assert.NotEmpty(panel["targets"]!.AsArray());
        }
    }

    [Fact]
    public void Dashboards_have_names_of_their_own()
    {
        string[] uids = [.. Dashboards.Files.Select(file => JsonNode.Parse(File.ReadAllText(file))!["uid"]!.GetValue<string>())];
        Assert.Equal(uids.Length, uids.Distinct().Count());
        Assert.True(uids.Length >= 3);
    }

    [Fact]
    public void Every_metric_they_show_is_one_the_service_has()
    {
        foreach ((string panel, string query) in Dashboards.Queries())
            foreach (Match metric in Metric().Matches(query))
                Assert.True(Metrics.Exists(metric.Value), $"{panel} shows {metric.Value}, which nothing writes");
    }

    [Fact]
    public void Every_metric_of_the_pipeline_is_shown_or_alerted_on()
    {
        string all = string.Concat(Dashboards.Files.Select(File.ReadAllText)) + Repository.Read("deploy/prometheus/rules/streaminsight.yml");
        foreach (Match metric in Created().Matches(Repository.Read("src/StreamInsight.Pipeline/PipelineMetrics.cs")))
            Assert.True(all.Contains(metric.Groups[1].Value, StringComparison.Ordinal), $"nobody looks at {metric.Groups[1].Value}");
    }

    [GeneratedRegex("streaminsight_[a-z_]+")]
    private static partial Regex Metric();

    [GeneratedRegex("Meter\\.Create\\w+(?:<\\w+>)?\\(\"(streaminsight_\\w+)\"")]
    private static partial Regex Created();
}
