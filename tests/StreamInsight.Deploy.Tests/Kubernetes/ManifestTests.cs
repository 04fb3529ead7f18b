using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StreamInsight.Deploy.Tests.Setting;
using StreamInsight.Server.Configuration;

namespace StreamInsight.Deploy.Tests.Kubernetes;

public sealed partial class ManifestTests : IDisposable
{
    private readonly Manifests _manifests = new();

    public static TheoryData<string> Overlays => [.. Manifests.Overlays];

    public void Dispose() => _manifests.Dispose();

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_object_has_only_fields_that_Kubernetes_knows_with_values_it_takes(string overlay) =>
        Assert.Empty(await NpmChecks.FaultsAsync("kubernetes.mjs", new JsonArray([.. _manifests.Build(overlay)])));

    [Fact]
    public async Task A_broken_object_is_caught()
    {
        List<JsonObject> objects = _manifests.Build("large");
        Container(objects)["redinessProbe"] = new JsonObject();                             // a field nobody knows
        Pod(objects)["enableServiceLinks"] = "no";                                         // a value of another type
        Of(objects, "ServiceMonitor")["spec"]!["endpoints"]![0]!["pathh"] = "/metrics";    // the same in a custom resource
        ((JsonObject)Of(objects, "HorizontalPodAutoscaler")["spec"]!).Remove("maxReplicas");
        objects.Add(new JsonObject { ["apiVersion"] = "policy/v1", ["kind"] = "PodDisruptionBuget", ["metadata"] = new JsonObject { ["name"] = "x" } });
        string faults = string.Join('\n', await NpmChecks.FaultsAsync("kubernetes.mjs", new JsonArray([.. objects])));
        foreach (string fault in (string[])["redinessProbe", "enableServiceLinks", "pathh", "maxReplicas", "no kind PodDisruptionBuget"])
            Assert.Contains(fault, faults);
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Kubectl_composes_the_same(string overlay)
    {
        if (!Tool.IsThere("kubectl"))
            return; // our own builder stands alone there
        (int code, string output) = await Tool.RunAsync("kubectl", ["kustomize", _manifests.Overlay(overlay)]);
        Assert.True(code == 0, output);
        Assert.Equal(Normal(YamlJson.All(output).Select(node => (JsonObject)node!)), Normal(_manifests.Build(overlay)));
    }

    [Fact]
    public void Without_secrets_nothing_is_made_and_it_says_what_to_do()
    {
        using var without = new Manifests(withSecrets: false);
        foreach (string overlay in Manifests.Overlays)
            Assert.Contains("secrets.env.example", Assert.Throws<FileNotFoundException>(() => without.Build(overlay)).Message);
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Whatever_selects_pods_selects_these(string overlay)
    {
        List<JsonObject> objects = _manifests.Build(overlay);
        var labels = (JsonObject)Of(objects, "StatefulSet")["spec"]!["template"]!["metadata"]!["labels"]!;
        var selectors = objects.Where(one => Kind(one) == "Service").Select(one => one["spec"]!["selector"])
            .Append(Of(objects, "StatefulSet")["spec"]!["selector"]!["matchLabels"])
            .Append(Of(objects, "PodDisruptionBudget")["spec"]!["selector"]!["matchLabels"])
            .Append(Of(objects, "NetworkPolicy")["spec"]!["podSelector"]!["matchLabels"])
            .Append(Pod(objects)["topologySpreadConstraints"]![0]!["labelSelector"]!["matchLabels"]);
        foreach (JsonNode? selector in selectors)
            Assert.All((JsonObject)selector!, pair => Assert.Equal(pair.Value!.GetValue<string>(), labels[pair.Key]!.GetValue<string>()));
        var nodes = objects.Single(one => Kind(one) == "Service" && Name(one) == "streaminsight-nodes");
        Assert.Equal(Name(nodes), Of(objects, "StatefulSet")["spec"]!["serviceName"]!.GetValue<string>());
        Assert.All((JsonObject)Of(objects, "ServiceMonitor")["spec"]!["selector"]!["matchLabels"]!,
            pair => Assert.Equal(pair.Value!.GetValue<string>(), nodes["metadata"]!["labels"]![pair.Key]!.GetValue<string>()));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Whatever_is_named_is_there(string overlay)
    {
        List<JsonObject> objects = _manifests.Build(overlay);
        JsonObject pod = Pod(objects), container = Container(objects), secret = Of(objects, "Secret");
        Assert.Equal(Name(Of(objects, "ConfigMap")), pod["volumes"]!.AsArray().Single(volume => volume!["configMap"] is not null)!["configMap"]!["name"]!.GetValue<string>());
        Assert.Equal(Name(Of(objects, "ServiceAccount")), pod["serviceAccountName"]!.GetValue<string>());
        string[] volumes = [.. pod["volumes"]!.AsArray().Select(volume => volume!["name"]!.GetValue<string>())];
        Assert.All(container["volumeMounts"]!.AsArray(), mount => Assert.Contains(mount!["name"]!.GetValue<string>(), volumes));

        var references = container["env"]!.AsArray().Select(variable => variable!["valueFrom"]?["secretKeyRef"])
            .Append(Of(objects, "ServiceMonitor")["spec"]!["endpoints"]![0]!["authorization"]!["credentials"]).OfType<JsonObject>().ToArray();
        Assert.Equal(3, references.Length);
        Assert.All(references, reference =>
        {
            Assert.Equal(Name(secret), reference["name"]!.GetValue<string>());
            Assert.True(secret["data"]![reference["key"]!.GetValue<string>()] is not null, $"the secret has no {reference["key"]}");
        });

        string port = container["ports"]![0]!["name"]!.GetValue<string>();
        Assert.All(objects.Where(one => Kind(one) == "Service"), service => Assert.Equal(port, service["spec"]!["ports"]![0]!["targetPort"]!.GetValue<string>()));
        Assert.All((string[])["startupProbe", "readinessProbe", "livenessProbe"], probe => Assert.Equal(port, container[probe]!["httpGet"]!["port"]!.GetValue<string>()));
        Assert.Contains(objects.Where(one => Kind(one) == "Service"),
            service => service["spec"]!["ports"]![0]!["name"]!.GetValue<string>() == Of(objects, "ServiceMonitor")["spec"]!["endpoints"]![0]!["port"]!.GetValue<string>());
        Assert.All(objects.Where(one => Kind(one) == "HorizontalPodAutoscaler"),
            scaler => Assert.Equal("StatefulSet/" + Name(Of(objects, "StatefulSet")), $"{scaler["spec"]!["scaleTargetRef"]!["kind"]}/{scaler["spec"]!["scaleTargetRef"]!["name"]}"));
        Assert.All(objects.Where(one => Kind(one) != "Namespace"), one => Assert.Equal("streaminsight", one["metadata"]!["namespace"]!.GetValue<string>()));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void Pods_are_as_closed_as_the_namespace_asks(string overlay)
    {
        List<JsonObject> objects = _manifests.Build(overlay);
        JsonObject pod = Pod(objects), container = Container(objects);
        Assert.True(pod["securityContext"]!["runAsNonRoot"]!.GetValue<bool>());
        Assert.Equal("RuntimeDefault", pod["securityContext"]!["seccompProfile"]!["type"]!.GetValue<string>());
        Assert.True(container["securityContext"]!["readOnlyRootFilesystem"]!.GetValue<bool>());
        Assert.False(container["securityContext"]!["allowPrivilegeEscalation"]!.GetValue<bool>());
        Assert.Equal("[\"ALL\"]", container["securityContext"]!["capabilities"]!["drop"]!.ToJsonString());
        Assert.False(pod["automountServiceAccountToken"]!.GetValue<bool>());
        Assert.NotNull(container["resources"]!["requests"]!["memory"]);
        Assert.NotNull(container["resources"]!["limits"]!["memory"]);
        Assert.DoesNotContain(":latest", container["image"]!.GetValue<string>());
        // The user the image is built for.
        Assert.Contains($"USER {pod["securityContext"]!["runAsUser"]}:", Repository.Read("Dockerfile"));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public void The_drain_fits_into_the_time_there_is(string overlay)
    {
        List<JsonObject> objects = _manifests.Build(overlay);
        string config = Of(objects, "ConfigMap")["data"]!["insight.yaml"]!.GetValue<string>();
        int delivery = int.Parse(ShutdownDelivery().Match(config).Groups[1].Value);
        int stop = int.Parse(Container(objects)["lifecycle"]!["preStop"]!["exec"]!["command"]![1]!.GetValue<string>());
        const int HandOver = 10; // KafkaOptions.HandOverTimeout
        Assert.Equal(HandOver, new StreamInsight.Kafka.KafkaOptions { Servers = "x" }.HandOverTimeout.TotalSeconds);
        Assert.True(Pod(objects)["terminationGracePeriodSeconds"]!.GetValue<long>() > stop + HandOver + delivery);
    }

    [Fact]
    public void Pods_are_members_of_the_group_under_their_own_names()
    {
        foreach (string overlay in Manifests.Overlays)
            Assert.Equal("metadata.name", Container(_manifests.Build(overlay))["env"]!.AsArray()
                .Single(variable => variable!["name"]!.GetValue<string>() == "STREAMINSIGHT_INSTANCE")!["valueFrom"]!["fieldRef"]!["fieldPath"]!.GetValue<string>());
    }

    [Fact]
    public void The_large_overlay_leaves_the_number_of_pods_to_the_autoscaler_and_never_puts_two_on_a_machine()
    {
        List<JsonObject> objects = _manifests.Build("large");
        Assert.Null(Of(objects, "StatefulSet")["spec"]!["replicas"]);
        Assert.NotNull(Pod(objects)["affinity"]!["podAntiAffinity"]!["requiredDuringSchedulingIgnoredDuringExecution"]);
        Assert.DoesNotContain(_manifests.Build("small"), one => Kind(one) == "HorizontalPodAutoscaler");
        // What it scales on is what the adapter gives, out of what the service has.
        string metric = Of(objects, "HorizontalPodAutoscaler")["spec"]!["metrics"]![0]!["external"]!["metric"]!["name"]!.GetValue<string>();
        Assert.Contains($"as: {metric} ", Repository.Read("deploy/prometheus/adapter-rules.yaml"));
        Assert.Contains($"\"{metric}\"", Repository.Read("src/StreamInsight.Pipeline/PipelineMetrics.cs"));
    }

    [Fact]
    public void The_model_is_the_sample()
    {
        Assert.Equal(Repository.Read("samples/telco-care.yaml"), Repository.Read("k8s/base/config/model.yaml"));
    }

    [Theory]
    [InlineData("k8s/base/config/insight.yaml")]
    [InlineData("deploy/compose/insight.yaml")]
    public void The_configuration_is_one_the_service_reads(string file)
    {
        InsightOptions options = OptionsReader.Read(new RunFlags { Config = Repository.File(file) }, variable => variable == "REDIS_PASSWORD" ? "secret" : null);
        Assert.Equal("insight", options.Cluster!.Name);
        Assert.Equal("0.0.0.0:8080", options.Http.Bind);
        Assert.NotNull(options.Redis);
    }

    private static string Normal(IEnumerable<JsonObject> objects)
    {
        // Hashes in names are of different kinds; kustomize breaks long base64 into lines.
        string[] texts = [.. objects.Select(one => Hash().Replace(Sorted(one)!.ToJsonString().Replace("\\n\"", "\"", StringComparison.Ordinal), "\"streaminsight-HASH\"")).Order(StringComparer.Ordinal)];
        return string.Join('\n', texts.Select(text => text.Contains("\"kind\":\"Secret\"", StringComparison.Ordinal) ? text.Replace("\\n", "", StringComparison.Ordinal) : text));
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, Sorted(pair.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private static JsonObject Of(List<JsonObject> objects, string kind) => objects.Single(one => Kind(one) == kind);

    private static JsonObject Pod(List<JsonObject> objects) => (JsonObject)Of(objects, "StatefulSet")["spec"]!["template"]!["spec"]!;

    private static JsonObject Container(List<JsonObject> objects) => (JsonObject)Pod(objects)["containers"]!.AsArray().Single()!;

    private static string Kind(JsonObject one) => one["kind"]!.GetValue<string>();

    private static string Name(JsonObject one) => one["metadata"]!["name"]!.GetValue<string>();

    [GeneratedRegex("\"streaminsight-[0-9a-z]{10}\"")]
    private static partial Regex Hash();

    [GeneratedRegex(@"shutdown_delivery: (\d+)s")]
    private static partial Regex ShutdownDelivery();
}
