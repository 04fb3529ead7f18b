using StreamInsight.Kafka;
using StreamInsight.Redis;

namespace StreamInsight.Server.Configuration;

/// <summary>Makes the options from flags, environment (<c>STREAMINSIGHT_…</c>) and file, in that order of precedence.</summary>
public static class OptionsReader
{
    private const string Prefix = "STREAMINSIGHT_";

    /// <summary>Throws <see cref="WrongInputException"/> with every fault.</summary>
    public static InsightOptions Read(RunFlags flags, Func<string, string?> environment)
    {
        string? model = flags.Model ?? environment(Prefix + "MODEL");
        string? config = flags.Config ?? environment(Prefix + "CONFIG");
        if (model is null && config is null)
            throw new WrongInputException("No model is given. Say --model M.yaml, or --config insight.yaml with model: in it.");
        InsightOptions options = config is null ? new InsightOptions { ModelPath = model! } : ConfigFile.Read(config, model, environment);

        options = options with { DataFolder = Either(flags.Data, "DATA") ?? options.DataFolder, FactsFile = flags.Facts ?? options.FactsFile };
        if (Either(flags.Http, "HTTP") is { } http)
            options = options with { Http = options.Http with { Bind = http == "none" ? null : http } };
        if (Either(flags.Redis, "REDIS") is { } redis)
            options = options with { Redis = (options.Redis ?? new RedisOptions()) with { Address = redis } };
        if (Either(flags.Kafka, "KAFKA") is { } kafka)
        {
            var usual = options.Kafka ?? new InsightOptions.KafkaUse { Options = new KafkaOptions { Servers = kafka } };
            options = options with { Kafka = usual with { Options = usual.Options with { Servers = kafka }, Embedded = kafka == "embedded" } };
        }
        if (Either(flags.Cluster, "CLUSTER") is { } cluster)
            options = options with { Cluster = new InsightOptions.ClusterUse { Name = cluster } };
        if (environment(Prefix + "INSTANCE") is { Length: > 0 } instance && options.Kafka is { } named)
            options = options with { Kafka = named with { Options = named.Options with { InstanceId = instance } } };
        if (flags.Events is { } events)
            options = options with { File = new InsightOptions.EventFile { Path = events, Speed = flags.Speed ?? 0 } };
        else if (flags.Speed is not null)
            options = options with { File = options.File is { } file ? file with { Speed = flags.Speed.Value } : throw new WrongInputException("--speed is the pace of --events, which is not given.") };
        if (flags.Clock is { } clock)
            options = options with { Worker = options.Worker with { Clock = clock } };
        if (Either(flags.Host, "HOST") is { } host)
            options = options with
            {
                UsesOrleans = host switch
                {
                    "local" => false,
                    "orleans" => true,
                    _ => throw new WrongInputException($"--host {host}: allowed is local or orleans."),
                },
            };
        if (environment(Prefix + "KEYS") is { } keys)
            options = options with { Http = options.Http with { Keys = Keys(keys) } };
        return options;

        string? Either(string? flag, string variable) => flag ?? environment(Prefix + variable);
    }

    /// <summary><c>write:SHA256,read:SHA256</c></summary>
    private static ApiKey[] Keys(string text)
    {
        var keys = new List<ApiKey>();
        foreach (string entry in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] parts = entry.Split(':', 2);
            if (parts.Length != 2 || !Enum.TryParse(parts[0], ignoreCase: true, out KeyRole role) || !Enum.IsDefined(role) || ApiKey.Parse(role, parts[1]) is not { } key)
                throw new WrongInputException("STREAMINSIGHT_KEYS: allowed is a list with commas of role:HASH, where role is write, read or admin, and HASH is what `streaminsight keys new` prints, or the SHA-256 of the key in hex.");
            keys.Add(key);
        }
        return [.. keys];
    }
}
