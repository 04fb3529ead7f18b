using System.CommandLine;

namespace StreamInsight.Server.Commands;

/// <summary><c>streaminsight run</c>: the live service.</summary>
public static class RunCommand
{
    public static Command Create()
    {
        var model = new Option<FileInfo>("--model") { Description = "The insight model (YAML).", HelpName = "M.yaml" };
        Command command = new Command("run", "The live service: events in by HTTP, Kafka or file; facts out.") { model }
            .WithExample("streaminsight run --model insight-model.yaml --data ./data --redis 127.0.0.1:6379");
        command.SetAction(line => ExitCode.Done);
        return command;
    }
}
