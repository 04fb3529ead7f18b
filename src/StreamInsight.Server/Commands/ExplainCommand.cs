using System.CommandLine;
using System.Text;

namespace StreamInsight.Server.Commands;

/// <summary>
/// <c>streaminsight explain</c>: why a customer is where it is, or why a decision came out as it did. Over a log it replays and looks; over a live service it asks the service.
/// </summary>
public static class ExplainCommand
{
    public static Command Create()
    {
        var source = new ExplanationSource(hasDecisions: true);
        var json = new Option<bool>("--json") { Description = "One JSON object instead of text." };
        Command command = new Command("explain", "Why this customer is where it is: each condition with its values, and when it turns if nothing happens.") { json }.WithExample(
            "streaminsight explain --customer ada --model samples/quickstart.yaml --events samples/quickstart.jsonl",
            "streaminsight explain --customer ada --url http://127.0.0.1:8080",
            "streaminsight explain --decision 019aab3c-8f1e-7c55-b1f0-3f6a2d4f9c11");
        source.AddTo(command);
        command.SetAction(async (line, cancel) =>
        {
            if (await source.ReadDecisionAsync(line, cancel) is { } record)
            {
                Console.Out.WriteLine(line.GetValue(json) ? Encoding.UTF8.GetString(record) : DecisionText.Of(record));
                return ExitCode.Done;
            }
            byte[] explanation = await source.ReadAsync(line, cancel);
            Console.Out.WriteLine(line.GetValue(json) ? Encoding.UTF8.GetString(explanation) : ExplanationText.Of(explanation));
            return ExitCode.Done;
        });
        return command;
    }
}
