using System.CommandLine;
using StreamInsight.Redis;
using StreamInsight.Server.Audit;
using StreamInsight.Server.Cluster;
using StreamInsight.Server.Configuration;
using StreamInsight.Sqlite;

namespace StreamInsight.Server.Commands;

/// <summary><c>streaminsight reconcile</c>: Redis has again what should be there.</summary>
public static class ReconcileCommand
{
    public static Command Create()
    {
        var flags = new StoreFlags();
        var command = new Command("reconcile", "Writes into Redis what should be there, from the state: records, segments, queues, aliases. Not the streams of triggers: what was delivered once is not delivered again.");
        flags.AddTo(command);
        command.WithExample("streaminsight reconcile --model samples/telco-care.yaml --data data --redis 127.0.0.1:6379", "streaminsight reconcile --config insight.yaml");
        command.SetAction(async (line, cancel) =>
        {
            InsightOptions options = flags.Read(line);
            RedisOptions there = StoreFlags.RedisOf(options) ?? throw new WrongInputException("No Redis is given. Say --redis host:port, or --config insight.yaml with redis: in it.");
            CompiledModel model = ModelFile.Load(new FileInfo(options.ModelPath));
            (long written, long removed) = options.Cluster is null ? await OfStoreAsync(options, model, there, cancel) : await OfClusterAsync(options, model, cancel);
            Console.Out.WriteLine($"{written} customers were not as they should be and are written again; {removed} members were too many and are taken out.");
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<(long Written, long Removed)> OfStoreAsync(InsightOptions options, CompiledModel model, RedisOptions there, CancellationToken cancel)
    {
        using SqliteFile file = SqliteFile.OpenReadOnly(options.DataFolder);
        using var redis = new RedisReconciler(there);
        return await new Reconciliation(file, model, redis).RunAsync(cancel);
    }

    private static async Task<(long Written, long Removed)> OfClusterAsync(InsightOptions options, CompiledModel model, CancellationToken cancel)
    {
        using ClusterState state = ClusterState.Open(options, model);
        return await new ClusterReconciliation(state, model).RunAsync(cancel);
    }
}
