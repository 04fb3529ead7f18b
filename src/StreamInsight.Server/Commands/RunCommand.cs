using System.CommandLine;
using StreamInsight.Pipeline;
using StreamInsight.Server.Cluster;
using StreamInsight.Server.Configuration;
using StreamInsight.Server.Service;

namespace StreamInsight.Server.Commands;

/// <summary><c>streaminsight run</c>: the live service.</summary>
public static class RunCommand
{
    public static Command Create()
    {
        var config = new Option<FileInfo>("--config") { Description = "Configuration; flags go over what it says.", HelpName = "insight.yaml" };
        var model = new Option<string>("--model") { Description = "The insight model. Enough to run.", HelpName = "M.yaml" };
        var data = new Option<string>("--data") { Description = "Folder of the log and the state (default ./data).", HelpName = "DIR" };
        var http = new Option<string>("--http") { Description = "Where HTTP listens (default 127.0.0.1:8080), or 'none'.", HelpName = "host:port" };
        var redis = new Option<string>("--redis") { Description = "Facts go to this Redis.", HelpName = "host:port" };
        var kafka = new Option<string>("--kafka") { Description = "Events come from this Kafka too; 'embedded' = a broker in this process, for trials.", HelpName = "host:port" };
        var cluster = new Option<string>("--cluster") { Description = "One node of several: partitions by Kafka's consumer group of this name, state in Redis. Needs --kafka and --redis.", HelpName = "NAME" };
        var events = new Option<string>("--events") { Description = "Events come from this file too.", HelpName = "F.jsonl[.gz]" };
        var speed = new Option<double?>("--speed") { Description = "Pace of the file: 1 = as fast as it happened, 60 = a minute a second, 0 = as fast as possible (default).", HelpName = "N" };
        var facts = new Option<string>("--facts") { Description = "Append facts to this file; '-' = standard output.", HelpName = "F.jsonl" };
        var clock = new Option<ClockMode?>("--clock") { Description = "What fires timers: the wall clock (default), or the record times, for history that is fed in.", HelpName = "wall|records" };
        var host = new Option<string>("--host") { Description = "Where customers live: in the worker (local, default), or in grains of an Orleans silo in this process.", HelpName = "local|orleans" };
        var json = new Option<bool>("--log-json") { Description = "Log lines as JSON." };

        Command command = new Command("run", "The live service: events in by HTTP, Kafka or file; facts out.")
        {
            config, model, data, http, redis, kafka, cluster, events, speed, facts, clock, host, json,
        }.WithExample(
            "streaminsight run --model samples/telco-care.yaml --redis 127.0.0.1:6379",
            "streaminsight run --config insight.yaml",
            "streaminsight run --model samples/telco-care.yaml --cluster insight --kafka kafka:9092 --redis redis:6379");

        command.SetAction((line, cancel) =>
        {
            var flags = new RunFlags
            {
                Config = line.GetValue(config)?.FullName,
                Model = line.GetValue(model),
                Data = line.GetValue(data),
                Http = line.GetValue(http),
                Redis = line.GetValue(redis),
                Kafka = line.GetValue(kafka),
                Cluster = line.GetValue(cluster),
                Events = line.GetValue(events),
                Speed = line.GetValue(speed),
                Facts = line.GetValue(facts),
                Clock = line.GetValue(clock),
                Host = line.GetValue(host),
            };
            return RunAsync(OptionsReader.Read(flags, Environment.GetEnvironmentVariable), line.GetValue(json), cancel);
        });
        return command;
    }

    private static async Task<int> RunAsync(InsightOptions options, bool json, CancellationToken cancel)
    {
        using ILoggerFactory logs = ConsoleLog.Create(json);
        await using IRunningService service = options.Cluster is null
            ? await InsightService.StartAsync(options, TimeProvider.System, logs, cancel: cancel)
            : await ClusterNode.StartAsync(options, TimeProvider.System, logs, cancel);
        Task stopped = Task.Delay(Timeout.Infinite, cancel).ContinueWith(static _ => { }, TaskScheduler.Default);
        if (await Task.WhenAny(service.Completion, stopped) == service.Completion)
            await service.Completion;
        await service.StopAsync();
        return ExitCode.Done;
    }
}
