using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace StreamInsight.Server;

/// <summary>The example that <c>--help</c> of a command ends with.</summary>
public static class CommandExamples
{
    private static readonly Dictionary<Command, string> Examples = [];

    /// <summary>Gives a command its example: one command line or several.</summary>
    public static Command WithExample(this Command command, params string[] lines)
    {
        Examples[command] = string.Join(Environment.NewLine, lines.Select(line => "  " + line));
        return command;
    }

    /// <summary>Makes <c>--help</c> show them.</summary>
    public static void AddTo(RootCommand root)
    {
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExample((SynchronousCommandLineAction)help.Action!);
    }

    /// <summary>Help is given whatever else is missing on the line.</summary>
    public static bool AsksForHelp(ParseResult line) => line.Action is HelpWithExample;

    private sealed class HelpWithExample(SynchronousCommandLineAction help) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult line)
        {
            int code = help.Invoke(line);
            if (Examples.TryGetValue(line.CommandResult.Command, out string? example))
                line.InvocationConfiguration.Output.WriteLine($"Example:{Environment.NewLine}{example}{Environment.NewLine}");
            return code;
        }
    }
}
