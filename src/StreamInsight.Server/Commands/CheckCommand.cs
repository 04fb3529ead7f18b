using System.CommandLine;
using StreamInsight.Definitions;

namespace StreamInsight.Server.Commands;

/// <summary><c>streaminsight check</c>: every fault of a model, one line each, as <c>file:line:column: message</c>.</summary>
public static class CheckCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo?>("M.yaml") { Description = "The insight model.", Arity = ArgumentArity.ZeroOrOne };
        var schema = new Option<bool>("--schema") { Description = "Print the JSON Schema of a model, for editors, and check nothing." };
        Command command = new Command("check", "Lists every fault of a model, with line and column.") { file, schema }
            .WithExample("streaminsight check samples/telco-care.yaml", "streaminsight check --schema > insight-model.schema.json");
        command.SetAction(line =>
        {
            var (output, error) = (line.InvocationConfiguration.Output, line.InvocationConfiguration.Error);
            if (line.GetValue(schema))
                return Print(ModelSchema.Text(), output);
            return line.GetValue(file) is { } model ? Check(model, output, error) : MissingModel(error);
        });
        return command;
    }

    private static int Print(string text, TextWriter output)
    {
        output.Write(text);
        return ExitCode.Done;
    }

    /// <summary>Said here and not by the parser, so that <c>--help</c> and <c>--schema</c> need no model.</summary>
    private static int MissingModel(TextWriter error)
    {
        error.WriteLine("Name the model to check: streaminsight check M.yaml");
        error.WriteLine("See: streaminsight check --help");
        return ExitCode.Usage;
    }

    /// <summary>Checks one file; warnings are told and do not fail.</summary>
    private static int Check(FileInfo file, TextWriter output, TextWriter error)
    {
        var result = ModelCheck.All(ModelFile.Read(file));
        foreach (var fault in result.Faults)
            error.WriteLine($"{file}:{fault}");
        if (result.Model is not { } model)
            return ExitCode.WrongInput;
        output.WriteLine($"{file}: {Summary(model.Definition)}");
        return ExitCode.Done;
    }

    private static string Summary(ModelDefinition model) =>
        $"{model.Id} is good: {Count(model.Traits.Count, "trait")}, {Count(model.Events.Count, "event")}, {Count(model.Features.Count, "feature")}, "
        + $"{Count(model.Journey?.Stages.Count ?? 0, "stage")}, {Count(model.Segments.Count, "segment")}, {Count(model.Triggers.Count, "trigger")}";

    private static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";
}
