using System.CommandLine;
using System.Text.Json;

namespace StreamInsight.Server.Commands;

/// <summary><c>streaminsight why</c>: why a customer is offered an action, or which gate removed it and what would change that. Never trains, never reserves.</summary>
public static class WhyCommand
{
    public static Command Create()
    {
        var source = new ExplanationSource();
        var action = new Option<string>("--action") { Description = "The action, by its name in the model.", HelpName = "A", Required = true };
        var json = new Option<bool>("--json") { Description = "One JSON object instead of text." };
        Command command = new Command("why", "Why a customer is offered an action or not: which gate removed it, and what would change that.") { action, json }.WithExample(
            "streaminsight why --customer ada --action retention_call --url http://127.0.0.1:8080",
            "streaminsight why --customer ada --action retention_call --model samples/telco-care.yaml --events log.jsonl");
        source.AddTo(command);
        command.SetAction(async (line, cancel) =>
        {
            using JsonDocument explanation = JsonDocument.Parse(await source.ReadAsync(line, cancel));
            JsonElement actions = explanation.RootElement.GetProperty("actions");
            string name = line.GetRequiredValue(action);
            if (!actions.TryGetProperty(name, out JsonElement why))
                throw new WrongInputException($"The model has no action '{name}'. It has: {string.Join(", ", actions.EnumerateObject().Select(a => a.Name).DefaultIfEmpty("none"))}.");
            Console.Out.WriteLine(line.GetValue(json) ? why.GetRawText() : ExplanationText.Of(name, why));
            return ExitCode.Done;
        });
        return command;
    }
}
