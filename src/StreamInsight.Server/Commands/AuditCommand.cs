using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using StreamInsight.Redis;
using StreamInsight.Server.Audit;
using StreamInsight.Server.Cluster;
using StreamInsight.Server.Configuration;
using StreamInsight.Sqlite;

namespace StreamInsight.Server.Commands;

/// <summary><c>streaminsight audit</c>: nothing lost, nothing twice; over the store of a service, or of a cluster, that runs or is stopped, and its Redis.</summary>
public static class AuditCommand
{
    public static Command Create()
    {
        var flags = new StoreFlags();
        var json = new Option<bool>("--json") { Description = "One JSON object instead of a table." };
        var command = new Command("audit", "Checks entered - left = members for every segment, against the customers' states, the facts kept and Redis. Exit code 1 on a difference.") { json };
        flags.AddTo(command);
        command.WithExample(
            "streaminsight audit --model samples/telco-care.yaml --data data --redis 127.0.0.1:6379",
            "streaminsight audit --config insight.yaml --json",
            "streaminsight audit --model samples/telco-care.yaml --cluster insight --redis 127.0.0.1:6379");
        command.SetAction(async (line, cancel) =>
        {
            InsightOptions options = flags.Read(line);
            CompiledModel model = ModelFile.Load(new FileInfo(options.ModelPath));
            AuditResult audit = options.Cluster is null ? await OfStoreAsync(options, model, cancel) : await OfClusterAsync(options, model, cancel);
            Console.Out.WriteLine(line.GetValue(json) ? Json(audit) : Table(audit));
            return audit.IsRight ? ExitCode.Done : ExitCode.WrongInput;
        });
        return command;
    }

    private static async Task<AuditResult> OfStoreAsync(InsightOptions options, CompiledModel model, CancellationToken cancel)
    {
        using SqliteFile file = SqliteFile.OpenReadOnly(options.DataFolder);
        using RedisReconciler? redis = StoreFlags.RedisOf(options) is { } there ? new RedisReconciler(there) : null;
        return await new StoreAudit(file, model, redis).RunAsync(cancel);
    }

    private static async Task<AuditResult> OfClusterAsync(InsightOptions options, CompiledModel model, CancellationToken cancel)
    {
        using ClusterState state = ClusterState.Open(options, model);
        using var redis = new RedisReconciler(state.Redis);
        return await new ClusterAudit(state.Stores, model, redis).RunAsync(cancel);
    }

    private static string Table(AuditResult audit)
    {
        IReadOnlyList<SegmentAudit> segments = audit.Segments;
        int width = Math.Max(7, segments.Select(segment => segment.Segment.Length).DefaultIfEmpty().Max());
        var text = new StringBuilder();
        text.AppendLine($"{"segment".PadRight(width)} {"entered",10} {"left",10} {"members",10} {"in states",10} {"in redis",10}  verdict");
        foreach (SegmentAudit s in segments)
            text.AppendLine($"{s.Segment.PadRight(width)} {Number(s.Entered),10} {Number(s.Left),10} {Number(s.Members),10} {Number(s.States),10} {Number(s.Redis),10}  {Verdict(s)}");
        if (audit.Unreadable > 0)
            text.AppendLine($"{audit.Unreadable} customers' states cannot be read; see docs/operations.md, A customer that is stopped.");
        if (audit.SeqsDiffer > 0)
            text.AppendLine($"{audit.SeqsDiffer} customers have another last seq in Redis than was delivered: 'streaminsight reconcile' writes them again.");
        text.Append(audit.IsRight ? "Everything agrees." : "There are differences.");
        return text.ToString();
    }

    private static string Verdict(SegmentAudit s)
    {
        if (s.IsRight)
            return "right";
        var faults = new List<string>();
        if (s.Unconserved != 0)
            faults.Add($"entered - left - members = {s.Unconserved}");
        if (s.StatesDiffer > 0)
            faults.Add($"{s.StatesDiffer} customers' states say other");
        if (s.FactsDiffer > 0)
            faults.Add($"the last fact of {s.FactsDiffer} customers says other");
        if (s.RedisDiffers > 0)
            faults.Add($"{s.RedisDiffers} differ in Redis ('streaminsight reconcile' writes them again)");
        return "WRONG: " + string.Join("; ", faults);
    }

    private static string Json(AuditResult audit)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteBoolean("right", audit.IsRight);
            json.WriteStartArray("segments");
            foreach (SegmentAudit s in audit.Segments)
            {
                json.WriteStartObject();
                json.WriteString("segment", s.Segment);
                Write("entered", s.Entered);
                Write("left", s.Left);
                Write("members", s.Members);
                Write("in_states", s.States);
                Write("in_redis", s.Redis);
                Write("unconserved", s.Unconserved);
                Write("states_differ", s.StatesDiffer);
                Write("facts_differ", s.FactsDiffer);
                Write("redis_differs", s.RedisDiffers);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            Write("unreadable_states", audit.Unreadable);
            Write("seqs_differ_in_redis", audit.SeqsDiffer);
            json.WriteEndObject();

            void Write(string name, long? number)
            {
                if (number is { } known)
                    json.WriteNumber(name, known);
                else
                    json.WriteNull(name);
            }
        }
        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "-";
}
