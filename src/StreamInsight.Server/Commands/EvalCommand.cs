using System.CommandLine;
using System.Globalization;
using System.Text;
using StreamInsight.Expressions;
using StreamInsight.Expressions.Eval;

namespace StreamInsight.Server.Commands;

/// <summary><c>streaminsight eval</c>: expressions of the Common Expression Language without a model, one on the command line or one a line on stdin.</summary>
public static class EvalCommand
{
    public static Command Create()
    {
        var expression = new Argument<string?>("EXPR")
        {
            Description = "The expression. Without it, lines of {\"expr\": …, \"bindings\": …, \"type_env\": …} are read from stdin and answered in order.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var bindings = new Option<string?>("--bindings")
        {
            Description = "Variables of the expression: a JSON object of typed values, as in the CEL conformance tests.",
            HelpName = "JSON",
        };
        Command command = new Command("eval", "Evaluates one CEL expression, or one a line of stdin; prints {\"value\": …} or {\"error\": …}.") { expression, bindings }
            .WithExample(
                "streaminsight eval '1 + 1'",
                "streaminsight eval 'x.startsWith(\"a\")' --bindings '{\"x\": {\"string_value\": \"abc\"}}'",
                "streaminsight eval < requests.jsonl");
        command.Validators.Add(line =>
        {
            if (line.GetValue(expression) is null && line.GetValue(bindings) is not null)
                line.AddError("--bindings go with an expression; lines of stdin have their own.");
        });
        command.SetAction(line => line.GetValue(expression) is { } source
            ? EvaluateOne(source, line.GetValue(bindings), line.InvocationConfiguration.Output, line.InvocationConfiguration.Error)
            : EvaluateLines(Console.OpenStandardInput(), line.InvocationConfiguration.Output, line.InvocationConfiguration.Error));
        return command;
    }

    /// <summary>An expression that is wrong as it stands is wrong input; one that ends in an error is an answer.</summary>
    public static int EvaluateOne(string source, string? bindings, TextWriter output, TextWriter error)
    {
        EvalRequest request;
        try
        {
            request = EvalRequest.Read(source, bindings);
        }
        catch (FormatException fault)
        {
            throw new WrongInputException($"--bindings: {fault.Message}");
        }
        var faults = new List<ExpressionFault>();
        output.WriteLine(Evaluator.Line(Evaluator.Evaluate(request, faults)));
        foreach (var fault in faults)
            error.WriteLine(fault);
        return faults.Count == 0 ? ExitCode.Done : ExitCode.WrongInput;
    }

    /// <summary>
    /// One answer a line, blank lines skipped. Whatever is wrong with an expression is its answer; only a line that is no request makes the input wrong.
    /// </summary>
    public static int EvaluateLines(Stream input, TextWriter output, TextWriter error)
    {
        using var lines = new StreamReader(input, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        var number = 0;
        var code = ExitCode.Done;
        while (lines.ReadLine() is { } line)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            try
            {
                output.WriteLine(Evaluator.Line(Evaluator.Evaluate(EvalRequest.Read(line), [])));
            }
            catch (FormatException fault)
            {
                code = ExitCode.WrongInput;
                output.WriteLine(Evaluator.Line(Value.Error(fault.Message)));
                error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"line {number}: {fault.Message}"));
            }
        }
        output.Flush();
        return code;
    }
}
