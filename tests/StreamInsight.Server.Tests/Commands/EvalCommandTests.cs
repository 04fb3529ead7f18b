using System.CommandLine;
using System.Text;
using StreamInsight.Server;
using StreamInsight.Server.Commands;
using Xunit;

namespace StreamInsight.Tests.Commands;

public sealed class EvalCommandTests
{
    [Theory]
    [InlineData("1 + 1", """{"value":{"int64_value":"2"}}""")]
    [InlineData("-1", """{"value":{"int64_value":"-1"}}""")]
    [InlineData("1 / 0", """{"error":"division by zero"}""")]
    [InlineData("[1u, -0.0, null, 'ä', b'a', type(1)]", """{"value":{"list_value":{"values":[{"uint64_value":"1"},{"double_value":-0.0},{"null_value":null},{"string_value":"ä"},{"bytes_value":"YQ=="},{"type_value":"int"}]}}}""")]
    [InlineData("{'k': 1.0 / 0.0}", """{"value":{"map_value":{"entries":[{"key":{"string_value":"k"},"value":{"double_value":"Infinity"}}]}}}""")]
    [InlineData("[]", """{"value":{"list_value":{}}}""")]
    [InlineData("timestamp(0) + duration('1ms')", """{"value":{"object_value":{"@type":"type.googleapis.com/google.protobuf.Timestamp","value":"1970-01-01T00:00:00.001Z"}}}""")]
    [InlineData("duration('1h')", """{"value":{"object_value":{"@type":"type.googleapis.com/google.protobuf.Duration","value":"3600s"}}}""")]
    public void One_expression_is_answered_in_the_typed_form(string expression, string answer) =>
        Assert.Equal((ExitCode.Done, answer + Environment.NewLine, ""), Run(expression));

    [Fact]
    public void Bindings_give_variables_their_values() =>
        Assert.Equal(
            (ExitCode.Done, """{"value":{"bool_value":true}}""" + Environment.NewLine, ""),
            Run("x.size() == n", "--bindings", """{"x": {"string_value": "abc"}, "n": {"value": {"int64_value": "3"}}}"""));

    [Fact]
    public void An_expression_that_is_wrong_as_it_stands_is_wrong_input()
    {
        var (code, output, error) = Run("1 +");
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.StartsWith("""{"error":""", output);
        Assert.StartsWith("1:4: ", error);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"x": 1}""")]
    [InlineData("""{"x": {"int64_value": "one"}}""")]
    [InlineData("""{"x": {"no_such_form": 1}}""")]
    public void Bindings_of_another_form_are_wrong_input(string bindings) => Assert.Throws<WrongInputException>(() => Run("1", "--bindings", bindings));

    [Fact]
    public void Lines_are_answered_in_order_whatever_is_wrong_with_one()
    {
        const string lines = """
            {"expr": "a + 1", "bindings": {"a": {"value": {"int64_value": "1"}}}, "type_env": [{"name": "a", "ident": {"type": {"primitive": "INT64"}}}]}

            {"expr": "a"}
            not json
            {"expr": "(("}
            {"expr": "y", "bindings": {"x.y": {"value": {"bool_value": true}}}, "container": "x"}
            """;
        var output = new StringWriter();
        var error = new StringWriter();
        var code = EvalCommand.EvaluateLines(new MemoryStream(Encoding.UTF8.GetBytes(lines)), output, error);
        var answers = output.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(ExitCode.WrongInput, code);
        Assert.Equal("""{"value":{"int64_value":"2"}}""", answers[0]);
        Assert.StartsWith("""{"error":"unknown name 'a'""", answers[1]);
        Assert.StartsWith("""{"error":"not JSON""", answers[2]);
        Assert.StartsWith("""{"error":"1:3: """, answers[3]);
        Assert.Equal("""{"value":{"bool_value":true}}""", answers[4]);
        Assert.StartsWith("line 4: not JSON", error.ToString());
    }

    private static (int Code, string Output, string Error) Run(params string[] arguments)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var code = new RootCommand { EvalCommand.Create() }.Parse(["eval", .. arguments]).Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        return (code, output.ToString(), error.ToString());
    }
}
