using System.CommandLine;
using StreamInsight.Definitions;
using StreamInsight.Server;
using StreamInsight.Server.Commands;
using Xunit;

namespace StreamInsight.Server.Tests.Commands;

public sealed class CheckCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streaminsight-check-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_good_model_is_counted_on_stdout()
    {
        var file = Write("model: m\nversion: 3\nevents: { order: { name: O } }\nfeatures: { a: { count: order }, b: { count: order, window: 7d } }\n");
        Assert.Equal(ExitCode.Done, Run(file));
        Assert.Equal($"{file}: m@3 is good: 0 traits, 1 event, 2 features, 0 stages, 0 segments, 0 triggers\n", _output.ToString());
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public void Every_fault_is_one_line_on_stderr_with_file_line_and_column()
    {
        var file = Write("model: m\nversion: 3\ncolour: red\nsegments: { s: { when: \"1 +\" }, t: { when: features.x > 1 } }\n");
        Assert.Equal(ExitCode.WrongInput, Run(file));
        var lines = _error.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.StartsWith($"{file}:3:1: unknown key \"colour\"", lines[0]);
        Assert.StartsWith($"{file}:4:", lines[1]);
        Assert.StartsWith($"{file}:4:44: ", lines[2]);
        Assert.Equal("", _output.ToString());
    }

    [Fact]
    public void A_warning_does_not_fail()
    {
        var file = Write("model: m\nversion: 3\nsegments: { s: { when: \"true\", exit: \"true\" } }\n");
        Assert.Equal(ExitCode.Done, Run(file));
        Assert.Contains($"{file}:3:38: warning: ", _error.ToString());
        Assert.Contains("is good", _output.ToString());
    }

    [Fact]
    public void The_schema_is_printed_without_a_model()
    {
        Assert.Equal(ExitCode.Done, Run("--schema"));
        Assert.Equal(ModelSchema.Text(), _output.ToString());
    }

    [Fact]
    public void A_missing_file_is_said_in_one_line()
    {
        var missing = Path.Combine(_folder, "missing.yaml");
        Assert.Equal([$"{missing}: there is no such file"], Assert.Throws<WrongInputException>(() => Run(missing)).Faults);
    }

    [Fact]
    public void A_folder_is_no_model() => Assert.Contains("is a directory", Assert.Throws<WrongInputException>(() => Run(_folder)).Message);

    [Fact]
    public void A_file_that_is_far_too_long_is_not_read_whole()
    {
        var file = Write(new string('#', ModelReader.MaxBytes * 2));
        Assert.Equal(ExitCode.WrongInput, Run(file));
        Assert.Contains("more than 1048576 bytes", _error.ToString());
    }

    [Fact]
    public void Without_a_model_the_usage_is_wrong()
    {
        Assert.Equal(ExitCode.Usage, Run());
        Assert.Contains("streaminsight check M.yaml", _error.ToString());
    }

    private int Run(params string[] arguments) => new RootCommand { CheckCommand.Create() }.Parse(["check", .. arguments])
        .Invoke(new InvocationConfiguration { Output = _output, Error = _error, EnableDefaultExceptionHandler = false });

    private string Write(string yaml)
    {
        var path = Path.Combine(_folder, "model.yaml");
        File.WriteAllText(path, yaml);
        return path;
    }
}
