using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StreamInsight.Deploy.Tests.Setting;

namespace StreamInsight.Deploy.Tests.Prometheus;

public sealed partial class RuleTests
{
    private const string RuleFile = "deploy/prometheus/rules/streaminsight.yml";
    private const string KubernetesFile = "k8s/base/prometheus-rule.yaml";

    [Theory]
    [InlineData("config", "deploy/prometheus/prometheus.yml")]
    [InlineData("rules", RuleFile)]
    public async Task Promtool_finds_nothing_wrong(string what, string file)
    {
        (int code, string output) = await Tool.RunAsync("promtool", ["check", what, Repository.File(file)]);
        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task Every_alert_fires_on_what_it_is_for_and_stays_silent_on_what_looks_alike()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("streaminsight-rules-");
        File.Copy(Repository.File(RuleFile), Path.Combine(folder.FullName, "rules.yml"));
        File.Copy(Repository.File("tests/StreamInsight.Deploy.Tests/Prometheus/alerts.test.yml"), Path.Combine(folder.FullName, "alerts.test.yml"));
        (int code, string output) = await Tool.RunAsync("promtool", ["test", "rules", "alerts.test.yml"], folder.FullName);
        folder.Delete(recursive: true);
        Assert.True(code == 0, output);
    }

    [Fact]
    public void Every_alert_is_tested_both_ways()
    {
        var tests = YamlJson.One(Repository.Read("tests/StreamInsight.Deploy.Tests/Prometheus/alerts.test.yml"))["tests"]!.AsArray()
            .Select(test => test!["alert_rule_test"]![0]!)
            .Select(test => (Alert: test["alertname"]!.GetValue<string>(), Fires: test["exp_alerts"]!.AsArray().Count > 0)).ToArray();
        foreach (string alert in Alerts().Select(alert => alert["alert"]!.GetValue<string>()))
            Assert.True(tests.Contains((alert, true)) && tests.Contains((alert, false)), $"{alert} is not tested both ways");
    }

    [Fact]
    public void Every_alert_says_how_bad_it_is_and_has_a_runbook_that_is_there()
    {
        string[] sections = [.. Heading().Matches(Repository.Read("docs/operations.md")).Select(match => Slug(match.Groups[1].Value))];
        foreach (JsonNode alert in Alerts())
        {
            Assert.Contains(alert["labels"]!["severity"]!.GetValue<string>(), (string[])["critical", "warning"]);
            string runbook = alert["annotations"]!["runbook"]!.GetValue<string>();
            Assert.StartsWith("docs/operations.md#", runbook);
            Assert.Contains(runbook[(runbook.IndexOf('#') + 1)..], sections);
        }
    }

    [Fact]
    public void Every_runbook_is_of_an_alert()
    {
        string operations = Repository.Read("docs/operations.md");
        string[] named = [.. AlertName().Matches(operations[operations.IndexOf("## Runbooks", StringComparison.Ordinal)..]).Select(match => match.Value).Distinct()];
        string[] alerts = [.. Alerts().Select(alert => alert["alert"]!.GetValue<string>())];
        // A customer that is stopped has a section of its own further up.
        Assert.Equal(alerts.Where(alert => alert != "InsightCustomerStopped").Order(), named.Order());
    }

    [Fact]
    public void The_PrometheusRule_of_Kubernetes_has_the_same_alerts()
    {
        string rules = Repository.Read(RuleFile);
        string groups = string.Concat(rules[rules.IndexOf("groups:", StringComparison.Ordinal)..].Split('\n').SkipLast(1).Select(line => line.Length == 0 ? "\n" : $"  {line}\n"));
        string kubernetes = Repository.Read(KubernetesFile);
        string head = kubernetes[..(kubernetes.IndexOf("spec:\n", StringComparison.Ordinal) + "spec:\n".Length)];
        if (Environment.GetEnvironmentVariable("STREAMINSIGHT_WRITE_DOCS") == "1")
            File.WriteAllText(Repository.File(KubernetesFile), kubernetes = head + groups);
        Assert.Equal(head + groups, kubernetes);
    }

    [Fact]
    public void Every_metric_that_alerts_use_is_one_the_service_has()
    {
        foreach (JsonNode alert in Alerts())
            foreach (Match metric in Metric().Matches(alert["expr"]!.GetValue<string>()))
                Assert.True(Metrics.Exists(metric.Value), $"{alert["alert"]} uses {metric.Value}, which nothing writes");
    }

    private static IEnumerable<JsonNode> Alerts() =>
        YamlJson.One(Repository.Read(RuleFile))["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray())!;

    /// <summary>The anchor that GitHub gives a heading.</summary>
    private static string Slug(string heading) => NoWord().Replace(heading.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("[^a-z0-9 _-]")]
    private static partial Regex NoWord();

    [GeneratedRegex("streaminsight_[a-z_]+")]
    private static partial Regex Metric();

    [GeneratedRegex("Insight[A-Z][A-Za-z]+")]
    private static partial Regex AlertName();
}
