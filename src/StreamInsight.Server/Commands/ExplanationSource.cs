using System.Buffers;
using System.CommandLine;
using StreamInsight.Explain;
using StreamInsight.Pipeline.Replay;

namespace StreamInsight.Server.Commands;

/// <summary>Where an explanation of a customer comes from: a log, that is replayed, or a running service, that is asked; and the options that say which.</summary>
/// <param name="hasDecisions">Instead of a customer, a decision may be asked for.</param>
internal sealed class ExplanationSource(bool hasDecisions = false)
{
    private readonly Option<string> _customer = new("--customer") { Description = "The customer, by any of its ids.", HelpName = "C", Required = !hasDecisions };
    private readonly Option<string> _decision = new("--decision") { Description = "A decision of a running service, by its id: its record as it was kept, nothing computed anew.", HelpName = "ID" };
    private readonly Option<FileInfo> _model = new("--model") { Description = "The insight model (YAML), with --events.", HelpName = "M.yaml" };
    private readonly Option<FileInfo> _events = new("--events") { Description = "The log the customer is in.", HelpName = "F.jsonl[.gz]" };
    private readonly Option<DirectoryInfo> _replayed = new("--replayed") { Description = "The output directory of a replay: takes its model and log.", HelpName = "DIR" };
    private readonly Option<long?> _until = ReplayCommand.UntilOption();
    private readonly Option<Uri?> _url = new("--url")
    {
        Description = "A running service (default http://127.0.0.1:8080, without --events or --replayed).",
        HelpName = "http://host:port",
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[^1].Value, UriKind.Absolute, out Uri? service) && service.Scheme is "http" or "https")
                return service;
            result.AddError($"--url is the address of a service, such as http://127.0.0.1:8080, not '{result.Tokens[^1].Value}'.");
            return null;
        },
    };

    private readonly Option<string> _key = new("--key") { Description = "The service's read key; or set STREAMINSIGHT_KEY.", HelpName = "KEY" };

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _customer, _model, _events, _replayed, _until, _url, _key })
            command.Options.Add(option);
        if (hasDecisions)
        {
            command.Options.Add(_decision);
            command.Validators.Add(line =>
            {
                if (line.GetValue(_customer) is null == line.GetValue(_decision) is null)
                    line.AddError("Give --customer or --decision: whom, or which decision, to explain.");
                if (line.GetValue(_decision) is not null && (line.GetValue(_events) is not null || line.GetValue(_replayed) is not null))
                    line.AddError("--decision asks a running service: decisions are kept there. Leave --events and --replayed out.");
            });
        }
        command.Validators.Add(line =>
        {
            if (line.GetValue(_model) is null != line.GetValue(_events) is null)
                line.AddError("--model and --events go together: the model to explain with, and the log to explain.");
        });
    }

    /// <summary>The record of the decision asked for, as JSON; null = a customer was asked for. No such decision is the input's fault.</summary>
    public async Task<byte[]?> ReadDecisionAsync(ParseResult line, CancellationToken cancel)
    {
        if (!hasDecisions || line.GetValue(_decision) is not { } id)
            return null;
        return await ServiceClient.DecisionAsync(line.GetValue(_url) ?? ServiceClient.Default, line.GetValue(_key), id, cancel)
            ?? throw new WrongInputException($"There is no decision '{id}', or its record is not kept any more.");
    }

    /// <summary>The explanation as JSON. No such customer is the input's fault.</summary>
    public async Task<byte[]> ReadAsync(ParseResult line, CancellationToken cancel)
    {
        string id = line.GetRequiredValue(_customer);
        byte[]? explanation = (line.GetValue(_replayed), line.GetValue(_events)) switch
        {
            ({ } directory, _) => FromLog(ReplayRecord.Read(directory), id, line.GetValue(_until)),
            (_, { } log) => FromLog(new ReplayRecord(line.GetRequiredValue(_model)!, log, null), id, line.GetValue(_until)),
            _ => await ServiceClient.ExplainAsync(line.GetValue(_url) ?? ServiceClient.Default, line.GetValue(_key), id, cancel),
        };
        return explanation ?? throw new WrongInputException($"There is no customer '{id}': no accepted message carried that id.");
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
        ExplanationWriter.Write(new Explainer(model, runner.Shared).Explain(customer), output);
        return output.WrittenSpan.ToArray();
    }
}
