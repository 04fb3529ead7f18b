using System.CommandLine;
using System.CommandLine.Parsing;
using StreamInsight.Pipeline;

namespace StreamInsight.Server;

/// <summary>Runs a command line and turns whatever goes wrong into clear lines on stderr and an exit code.</summary>
public static class CommandLine
{
    /// <summary>Prints stack traces too. Given anywhere on the line.</summary>
    public static readonly Option<bool> Debug = new("--debug") { Description = "Print the stack trace of an error too.", Recursive = true };

    public static int Invoke(RootCommand root, string[] args)
    {
        root.Options.Add(Debug);
        CommandExamples.AddTo(root);
        ParseResult line = root.Parse(args);
        if (line.Errors.Count > 0 && !CommandExamples.AsksForHelp(line))
            return Usage(line);
        try
        {
            return line.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
        }
        catch (Exception error)
        {
            return Report(error, line.GetValue(Debug));
        }
    }

    /// <summary>The exit code of an error, after saying it on stderr.</summary>
    public static int Report(Exception error, bool debug)
    {
        if (debug)
            Console.Error.WriteLine(error);
        switch (error)
        {
            case WrongInputException wrong:
                foreach (string fault in wrong.Faults)
                    Console.Error.WriteLine(fault);
                return ExitCode.WrongInput;
            case FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException:
                Console.Error.WriteLine(error.Message);
                return ExitCode.WrongInput;
            case DependencyUnavailableException or IOException:
                Console.Error.WriteLine(error.Message);
                return ExitCode.Unreachable;
            case OperationCanceledException:
                Console.Error.WriteLine("Stopped before it was done.");
                return ExitCode.WrongInput;
            default:
                Console.Error.WriteLine($"This is a bug in StreamInsight: {error.GetType().Name}: {error.Message} (run again with --debug for the stack trace)");
                return ExitCode.Bug;
        }
    }

    private static int Usage(ParseResult line)
    {
        foreach (ParseError error in line.Errors)
            Console.Error.WriteLine(error.Message);
        Console.Error.WriteLine($"See: {HelpOf(line.CommandResult.Command)} --help");
        return ExitCode.Usage;
    }

    private static string HelpOf(Command command) => command is RootCommand ? "streaminsight" : $"{HelpOf(command.Parents.OfType<Command>().First())} {command.Name}";
}
