using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StreamInsight.Deploy.Tests.Setting;
using StreamInsight.Server.Configuration;

namespace StreamInsight.Deploy.Tests.Compose;

public sealed partial class ComposeTests
{
    private static JsonObject Composition => YamlJson.One(Repository.Read("docker-compose.yml"));

    private static JsonObject Services => (JsonObject)Composition["services"]!;

    public static TheoryData<string> Names => [.. Services.Select(service => service.Key)];

    [Fact]
    public async Task The_file_is_one_of_the_Compose_Specification() => Assert.Empty(await NpmChecks.FaultsAsync("compose.mjs", Composition));

    [Fact]
    public async Task A_broken_file_is_caught()
    {
        JsonObject broken = Composition;
        broken["services"]!["redis"]!["cap_dorp"] = new JsonArray("ALL");
        broken["services"]!["kafka"]!["healthcheck"]!["interval"] = "ten seconds";
        string faults = string.Join('\n', await NpmChecks.FaultsAsync("compose.mjs", broken));
        Assert.Contains("cap_dorp", faults);
        Assert.Contains("/services/kafka/healthcheck/interval", faults);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_service_listens_on_this_machine_only_is_limited_and_has_no_rights_to_spare(string name)
    {
        JsonNode service = Services[name]!;
        Assert.All(service["ports"]?.AsArray() ?? [], port => Assert.StartsWith("127.0.0.1:", port!.GetValue<string>()));
        Assert.Equal("[\"ALL\"]", service["cap_drop"]!.ToJsonString());
        Assert.Contains("no-new-privileges:true", service["security_opt"]!.ToJsonString());
        Assert.NotNull(service["deploy"]!["resources"]!["limits"]!["memory"]);
        Assert.NotNull(service["deploy"]!["resources"]!["limits"]!["cpus"]);
        Assert.NotNull(service["restart"]);
        Assert.Matches("^[a-z/]+:[a-z0-9.]+$", service["image"]!.GetValue<string>());
        Assert.DoesNotContain("latest", service["image"]!.GetValue<string>());
        // Kafka writes its configuration at its start; the one-shot service is of the same image.
        Assert.Equal(name is not ("kafka" or "topics"), service["read_only"]?.GetValue<bool>() ?? false);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Whatever_a_service_waits_for_can_tell_that_it_is_there(string name)
    {
        foreach ((string other, JsonNode? how) in Services[name]!["depends_on"] as JsonObject ?? [])
        {
            JsonNode awaited = Services[other] ?? throw new InvalidOperationException($"{name} waits for {other}, which is not there");
            if (how!["condition"]!.GetValue<string>() == "service_healthy")
                Assert.NotNull(awaited["healthcheck"]!["test"]);
            else
                Assert.Equal("no", awaited["restart"]!.GetValue<string>());
        }
    }

    [Fact]
    public void Every_file_and_volume_that_is_mounted_is_there()
    {
        foreach (JsonNode? volume in Services.SelectMany(service => service.Value!["volumes"]?.AsArray() ?? []))
        {
            string from = volume!.GetValue<string>().Split(':')[0];
            if (from.StartsWith("./", StringComparison.Ordinal))
                Assert.True(Path.Exists(Repository.File(from)), from);
            else
                Assert.True(Composition["volumes"]!.AsObject().ContainsKey(from), from);
        }
        foreach (string place in (string[])["/etc/grafana/dashboards", "/etc/grafana/provisioning"])
            Assert.Contains(Services["grafana"]!["volumes"]!.AsArray(), volume => volume!.GetValue<string>().Split(':')[1] == place);
        Assert.Equal("/etc/grafana/dashboards", YamlJson.One(Repository.Read("deploy/grafana/provisioning/dashboards/streaminsight.yml"))["providers"]![0]!["options"]!["path"]!.GetValue<string>());
    }

    [Fact]
    public void The_nodes_are_two_members_of_one_group()
    {
        string[] instances = [.. Nodes().Select(node => node["environment"]!["STREAMINSIGHT_INSTANCE"]!.GetValue<string>())];
        Assert.Equal(["insight-1", "insight-2"], instances);
        Assert.All(Nodes(), node => Assert.Contains("./deploy/compose/insight.yaml:/etc/streaminsight/insight.yaml:ro", node["volumes"]!.AsArray().Select(volume => volume!.GetValue<string>())));
    }

    [Fact]
    public void The_trial_keys_are_those_that_are_written_beside_them_and_Prometheus_has_the_one_to_read()
    {
        string keys = Nodes().First()["environment"]!["STREAMINSIGHT_KEYS"]!.GetValue<string>();
        keys = keys["${STREAMINSIGHT_KEYS:-".Length..^1];
        string Of(string role) => $"{role}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"trial-{role}-key")))}";
        Assert.Equal(string.Join(',', Of("write"), Of("read"), Of("admin")), keys);
        InsightOptions options = OptionsReader.Read(
            new RunFlags { Config = Repository.File("deploy/compose/insight.yaml") }, name => name == "STREAMINSIGHT_KEYS" ? keys : null);
        Assert.Equal(3, options.Http.Keys.Count);
        Assert.Equal("trial-read-key", YamlJson.One(Repository.Read("deploy/prometheus/prometheus.yml"))["scrape_configs"]![0]!["basic_auth"]!["username"]!.GetValue<string>());
    }

    [Fact]
    public void Names_and_ports_fit_together()
    {
        InsightOptions options = OptionsReader.Read(new RunFlags { Config = Repository.File("deploy/compose/insight.yaml") }, _ => null);
        Assert.Equal("kafka:9092", options.Kafka!.Options.Servers);
        Assert.Contains("INTERNAL://kafka:9092", Services["kafka"]!["environment"]!["KAFKA_ADVERTISED_LISTENERS"]!.GetValue<string>());
        Assert.Equal("redis:6379", options.Redis!.Address);
        Assert.Contains("kafka:9092", Services["generator"]!["command"]!.ToJsonString());
        string topics = Services["topics"]!["command"]![0]!.GetValue<string>();
        Assert.All((string[])[options.Kafka.Options.EventsTopic, options.Kafka.Options.DeadTopic, options.Kafka.Options.FactsTopic, "insight.handover"],
            topic => Assert.Contains($"{topic}:", topics));
        // As many partitions: a customer's home is the same number in both.
        Assert.Equal(Partitions().Match(topics[topics.IndexOf("events", StringComparison.Ordinal)..]).Value, Partitions().Match(topics[topics.IndexOf("handover", StringComparison.Ordinal)..]).Value);
        var targets = YamlJson.One(Repository.Read("deploy/prometheus/prometheus.yml"))["scrape_configs"]![0]!["static_configs"]![0]!["targets"]!.AsArray();
        Assert.Equal(["insight-1:8080", "insight-2:8080"], targets.Select(target => target!.GetValue<string>()));
        JsonNode source = YamlJson.One(Repository.Read("deploy/grafana/provisioning/datasources/prometheus.yml"))["datasources"]![0]!;
        Assert.Equal("http://prometheus:9090", source["url"]!.GetValue<string>());
        Assert.Equal("prometheus", source["uid"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_generator_is_started_with_flags_it_knows()
    {
        string help = await Cli.RunAsync("generate", "--help");
        foreach (string flag in Services["generator"]!["command"]!.AsArray().Select(word => word!.GetValue<string>()).Where(word => word.StartsWith("--", StringComparison.Ordinal)))
            Assert.Contains(flag + " ", help);
    }

    private static IEnumerable<JsonNode> Nodes() => Services.Where(service => service.Key.StartsWith("insight-", StringComparison.Ordinal)).Select(service => service.Value!);

    [GeneratedRegex(@":\d+")]
    private static partial Regex Partitions();
}
