using System.Text.Json;
using StreamInsight.Expressions;
using StreamInsight.Expressions.Eval;
using Xunit;
using Xunit.Abstractions;

namespace StreamInsight.Tests.Expressions;

/// <summary>
/// The CEL project's own tests. What is left out is listed in cel-left-out.txt, one case a line with the reason behind a #; the list is exact in both directions.
/// </summary>
public sealed class ConformanceTests(ITestOutputHelper output)
{
    private static readonly string LeftOutPath = Path.Combine(AppContext.BaseDirectory, "Expressions", "cel-left-out.txt");

    [Fact]
    public void Every_case_passes_except_exactly_those_listed_as_left_out()
    {
        if (ConformanceCase.Load() is not { } cases)
        {
            output.WriteLine("skipped: the conformance tests are not here");
            return;
        }
        var leftOut = LeftOut();
        var wrong = new List<string>();
        foreach (var test in cases)
        {
            var fault = Fault(test);
            if (fault is not null && !leftOut.Contains(test.Id))
                wrong.Add($"{test.Id}: {test.Expression.ReplaceLineEndings(" ")} → {fault}");
            if (fault is null && leftOut.Contains(test.Id))
                wrong.Add($"{test.Id} passes, but is listed as left out");
        }
        var unknown = leftOut.Except(cases.Select(c => c.Id)).ToList();
        Assert.True(wrong.Count == 0 && unknown.Count == 0, string.Join("\n", [$"{wrong.Count} of {cases.Count}", .. wrong, .. unknown.Select(u => $"no such case: {u}")]));
    }

    private static HashSet<string> LeftOut() =>
        [.. File.ReadLines(LeftOutPath).Select(line => line.Split(" # ")[0].Trim()).Where(line => line.Length > 0 && line[0] != '#')];

    /// <summary>What is wrong with the outcome, unchecked and, where the case does not forbid it, checked; null = as the test wants it.</summary>
    private static string? Fault(ConformanceCase test)
    {
        try
        {
            var request = EvalRequest.Read(test.Json.GetRawText());
            var faults = new List<ExpressionFault>();
            if (!test.IsCheckOnly && Fault(test, Evaluator.Evaluate(request, faults)) is { } fault)
                return fault;
            if (!test.IsChecked)
                return null;
            faults.Clear();
            var value = Evaluator.EvaluateChecked(request, faults, out var type);
            if (!test.IsCheckOnly && Fault(test, value) is { } checkedFault)
                return $"checked: {checkedFault}";
            if (!test.Json.TryGetProperty("typed_result", out var typed))
                return null;
            var wanted = TypedType.Read(typed.GetProperty("deduced_type"));
            return type?.ToString() == wanted.ToString() ? null : $"deduced {type?.ToString() ?? value.ToString()}, but {wanted} is wanted";
        }
        catch (Exception fault) when (fault is FormatException or NotSupportedException)
        {
            return fault.Message;
        }
    }

    private static string? Fault(ConformanceCase test, in Value value)
    {
        if (test.Json.TryGetProperty("eval_error", out _))
            return value.IsError ? null : $"{value}, but an error is wanted";
        if (value.IsError)
            return value.ToString();
        var wanted = test.Json.TryGetProperty("value", out var json) ? json
            : test.Json.TryGetProperty("typed_result", out var typed) ? typed.GetProperty("result")
            : JsonDocument.Parse("{\"bool_value\":true}").RootElement;
        return IsSame(TypedJson.Read(wanted), value) ? null : $"{Evaluator.Line(value)}, but {wanted.GetRawText()} is wanted";
    }

    /// <summary>The same kind and value; NaN is NaN, and 0.0 is not -0.0.</summary>
    private static bool IsSame(in Value wanted, in Value value) => wanted.Kind == value.Kind && wanted.Kind switch
    {
        ValueKind.Double => double.IsNaN(wanted.AsDouble) ? double.IsNaN(value.AsDouble) : wanted.Bits == value.Bits,
        ValueKind.List => wanted.AsList.Length == value.AsList.Length && wanted.AsList.Zip(value.AsList).All(pair => IsSame(pair.First, pair.Second)),
        _ => Comparisons.AreEqual(wanted, value),
    };
}
