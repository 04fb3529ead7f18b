using System.CommandLine;
using StreamInsight.Server.Configuration;

namespace StreamInsight.Server.Commands;

/// <summary><c>streaminsight keys new</c>: a key for the HTTP side, and the line of the configuration that lets it in.</summary>
public static class KeysCommand
{
    public static Command Create()
    {
        var role = new Option<KeyRole>("--role") { Description = "What it may be used for: write (send events), read (ask), admin (everything).", HelpName = "write|read|admin", Required = true };
        Command create = new Command("new", "Makes a key: prints it once, and how it is kept.") { role }.WithExample("streaminsight keys new --role write");
        create.SetAction(line =>
        {
            (string text, ApiKey kept) = ApiKey.New(line.GetValue(role));
            Console.Out.WriteLine($"key: {text}");
            Console.Out.WriteLine($"- {{ role: {kept.Role.ToString().ToLowerInvariant()}, hash: \"{kept.HashText}\" }}");
            Console.Error.WriteLine("The key is shown this once. The second line goes under http: keys: of insight.yaml.");
            return ExitCode.Done;
        });
        return new Command("keys", "Keys of the HTTP side.") { create }.WithExample("streaminsight keys new --role write");
    }
}
