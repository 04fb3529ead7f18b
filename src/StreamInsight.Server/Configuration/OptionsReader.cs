using StreamInsight.Kafka;

namespace StreamInsight.Server.Configuration;

/// <summary>Makes the options from flags, environment and file, in that order of precedence; throws every fault at once.</summary>
public static class OptionsReader
{
    public static InsightOptions Read(RunFlags flags, Func<string, string?> environment)
    {
        var faults = new List<string>();
        string? model = flags.Model ?? environment("STREAMINSIGHT_MODEL");
        if (model is null)
            throw new WrongInputException("No model is given. Say --model M.yaml, or model: in the file of --config.");
        var options = new InsightOptions { ModelPath = model };
        options = options with { DataFolder = flags.Data ?? environment("STREAMINSIGHT_DATA") ?? options.DataFolder };
        if ((flags.Http ?? environment("STREAMINSIGHT_HTTP")) is { } http)
            options = options with { Http = options.Http with { Bind = http == "none" ? null : http } };
        if ((flags.Redis ?? environment("STREAMINSIGHT_REDIS")) is { } redis)
            options = options with { Redis = redis };
        if ((flags.Kafka ?? environment("STREAMINSIGHT_KAFKA")) is { } kafka)
            options = options with { Kafka = new InsightOptions.KafkaUse { Options = new KafkaOptions { Servers = kafka }, Embedded = kafka == "embedded" } };
        if (flags.Events is { } events)
            options = options with { File = new InsightOptions.FileOptions { Path = events, Speed = flags.Speed ?? 0 } };
        options = options with { FactsFile = flags.Facts, Worker = options.Worker with { Clock = flags.Clock ?? options.Worker.Clock } };
        return faults.Count == 0 ? options : throw new WrongInputException([.. faults]);
    }
}
