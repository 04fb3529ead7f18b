using Microsoft.Extensions.Logging.Abstractions;
using StreamInsight.Server.Cluster;
using StreamInsight.Server.Configuration;

namespace StreamInsight.Deploy.Tests.Setting;

/// <summary>The two nodes of the compose file in this process: its configuration and its keys, other addresses.</summary>
internal sealed class TwoNodes : IAsyncDisposable
{
    private readonly List<ClusterNode> _nodes = [];

    public Uri[] Urls => [.. _nodes.Select(node => node.Url!)];

    public static async Task<TwoNodes> StartAsync(string kafka, string redis)
    {
        var two = new TwoNodes();
        foreach ((string name, System.Text.Json.Nodes.JsonNode? service) in YamlJson.One(Repository.Read("docker-compose.yml"))["services"]!.AsObject())
        {
            if (!name.StartsWith("insight-", StringComparison.Ordinal))
                continue;
            string keys = service!["environment"]!["STREAMINSIGHT_KEYS"]!.GetValue<string>();
            var environment = new Dictionary<string, string>
            {
                ["STREAMINSIGHT_KEYS"] = keys["${STREAMINSIGHT_KEYS:-".Length..^1],
                ["STREAMINSIGHT_INSTANCE"] = service["environment"]!["STREAMINSIGHT_INSTANCE"]!.GetValue<string>(),
                ["STREAMINSIGHT_KAFKA"] = kafka,
                ["STREAMINSIGHT_REDIS"] = redis,
                ["STREAMINSIGHT_HTTP"] = "127.0.0.1:0",
                ["STREAMINSIGHT_MODEL"] = Repository.File("samples/telco-care.yaml"),
            };
            InsightOptions options = OptionsReader.Read(new RunFlags { Config = Repository.File("deploy/compose/insight.yaml") }, environment.GetValueOrDefault);
            two._nodes.Add(await ClusterNode.StartAsync(options, TimeProvider.System, NullLoggerFactory.Instance, default));
        }
        return two;
    }

    /// <summary>Partitions that run, on all nodes.</summary>
    public int Running => _nodes.Sum(node => node.Partitions.Count);

    public async ValueTask DisposeAsync()
    {
        foreach (ClusterNode node in _nodes)
            await node.DisposeAsync();
    }
}
