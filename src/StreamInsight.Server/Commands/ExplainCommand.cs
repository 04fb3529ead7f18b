using System.Buffers;
using System.CommandLine;
using System.Text;
using StreamInsight.Explain;
using StreamInsight.Pipeline.Replay;

namespace StreamInsight.Server.Commands;

/// <summary>
/// <c>streaminsight explain</c>: why a customer is where it is. Over a log it replays and looks; over a live service it asks the service.
/// </summary>
public static class ExplainCommand
{
    public static Command Create()
    {
        var customer = new Option<string>("--customer") { Description = "The customer, by any of its ids.", HelpName = "C", Required = true };
        var model = new Option<FileInfo>("--model") { Description = "The insight model (YAML), with --events.", HelpName = "M.yaml" };
        var events = new Option<FileInfo>("--events") { Description = "The log the customer is in.", HelpName = "F.jsonl[.gz]" };
        var replayed = new Option<DirectoryInfo>("--replayed") { Description = "The output directory of a replay: takes its model and log.", HelpName = "DIR" };
        var until = ReplayCommand.UntilOption();
        var url = new Option<Uri?>("--url")
        {
            Description = "A running service (default http://127.0.0.1:8080, without --events or --replayed).", HelpName = "http://host:port",
            CustomParser = result =>
            {
                if (Uri.TryCreate(result.Tokens[^1].Value, UriKind.Absolute, out Uri? service) && service.Scheme is "http" or "https")
                    return service;
                result.AddError($"--url is the address of a service, such as http://127.0.0.1:8080, not '{result.Tokens[^1].Value}'.");
                return null;
            },
        };
        var key = new Option<string>("--key") { Description = "The service's read key; or set STREAMINSIGHT_KEY.", HelpName = "KEY" };
        var json = new Option<bool>("--json") { Description = "One JSON object instead of text." };
        Command command = new Command("explain", "Why this customer is where it is: each condition with its values, and when it turns if nothing happens.")
        {
            customer, model, events, replayed, until, url, key, json,
        }.WithExample(
            "streaminsight explain --customer ada --model samples/quickstart.yaml --events samples/quickstart.jsonl",
            "streaminsight explain --customer ada --url http://127.0.0.1:8080");
        command.Validators.Add(line =>
        {
            if (line.GetValue(model) is null != line.GetValue(events) is null)
                line.AddError("--model and --events go together: the model to explain with, and the log to explain.");
        });
        command.SetAction(async (line, cancel) =>
        {
            string id = line.GetRequiredValue(customer);
            byte[]? explanation = (line.GetValue(replayed), line.GetValue(events)) switch
            {
                ({ } directory, _) => FromLog(ReplayRecord.Read(directory), id, line.GetValue(until)),
                (_, { } log) => FromLog(new ReplayRecord(line.GetRequiredValue(model)!, log, null), id, line.GetValue(until)),
                _ => await ServiceClient.ExplainAsync(line.GetValue(url) ?? ServiceClient.Default, line.GetValue(key), id, cancel),
            };
            if (explanation is null)
                throw new WrongInputException($"There is no customer '{id}': no accepted message carried that id.");
            Console.Out.WriteLine(line.GetValue(json) ? Encoding.UTF8.GetString(explanation) : ExplanationText.Of(explanation));
            return ExitCode.Done;
        });
        return command;
    }

    private static byte[]? FromLog(ReplayRecord replay, string id, long? untilMs)
    {
        CompiledModel model = ModelFile.Load(replay.Model);
        using Stream log = ReplayCommand.Open(replay.Events);
        using var progress = new ReplayProgressBar();
        var runner = new ReplayRunner(new ReplayOptions { Model = model, Events = log, UntilMs = untilMs ?? replay.UntilMs, Parallel = Environment.ProcessorCount, Progress = progress });
        runner.Run();
        progress.Clear();
        if (runner.Find(id) is not { } customer)
            return null;
        var output = new ArrayBufferWriter<byte>();
        ExplanationWriter.Write(new Explainer(model).Explain(customer), output);
        return output.WrittenSpan.ToArray();
    }
}
