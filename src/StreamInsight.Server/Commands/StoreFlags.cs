using System.CommandLine;
using StreamInsight.Redis;
using StreamInsight.Server.Configuration;

namespace StreamInsight.Server.Commands;

/// <summary>The flags of commands that look at a service's store and Redis: those of <c>run</c> that say where they are.</summary>
internal sealed class StoreFlags
{
    private readonly Option<FileInfo> _config = new("--config") { Description = "The service's configuration; flags go over what it says.", HelpName = "insight.yaml" };
    private readonly Option<string> _model = new("--model") { Description = "The insight model.", HelpName = "M.yaml" };
    private readonly Option<string> _data = new("--data") { Description = "Folder of the log and the state (default ./data).", HelpName = "DIR" };
    private readonly Option<string> _redis = new("--redis") { Description = "The service's Redis.", HelpName = "host:port" };

    private readonly Option<string> _cluster = new("--cluster") { Description = "Of several nodes: the cluster of this name, whose state is in Redis.", HelpName = "NAME" };

    public void AddTo(Command command)
    {
        command.Options.Add(_cluster);
        command.Options.Add(_config);
        command.Options.Add(_model);
        command.Options.Add(_data);
        command.Options.Add(_redis);
    }

    public InsightOptions Read(ParseResult line) => OptionsReader.Read(
        new RunFlags { Config = line.GetValue(_config)?.FullName, Model = line.GetValue(_model), Data = line.GetValue(_data), Redis = line.GetValue(_redis), Cluster = line.GetValue(_cluster) },
        Environment.GetEnvironmentVariable);

    /// <summary>Null = the service has none.</summary>
    public static RedisOptions? RedisOf(InsightOptions options) =>
        options.Redis is { } redis ? redis with { LookupHashKey = options.LookupHashKey ?? redis.LookupHashKey } : null;
}
