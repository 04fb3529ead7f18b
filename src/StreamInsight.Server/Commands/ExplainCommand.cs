using System.CommandLine;
using System.Text;

namespace StreamInsight.Server.Commands;

/// <summary>
/// <c>streaminsight explain</c>: why a customer is where it is. Over a log it replays and looks; over a live service it asks the service.
/// </summary>
public static class ExplainCommand
{
    public static Command Create()
    {
        var source = new ExplanationSource();
        var json = new Option<bool>("--json") { Description = "One JSON object instead of text." };
        Command command = new Command("explain", "Why this customer is where it is: each condition with its values, and when it turns if nothing happens.") { json }.WithExample(
            "streaminsight explain --customer ada --model samples/quickstart.yaml --events samples/quickstart.jsonl",
            "streaminsight explain --customer ada --url http://127.0.0.1:8080");
        source.AddTo(command);
        command.SetAction(async (line, cancel) =>
        {
            byte[] explanation = await source.ReadAsync(line, cancel);
            Console.Out.WriteLine(line.GetValue(json) ? Encoding.UTF8.GetString(explanation) : ExplanationText.Of(explanation));
            return ExitCode.Done;
        });
        return command;
    }
}
