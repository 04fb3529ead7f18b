using System.CommandLine;
using System.Globalization;
using System.IO.Compression;
using StreamInsight.Definitions;
using StreamInsight.Server;
using StreamInsight.Server.Commands;
using StreamInsight.Testing;
using Xunit;
using Xunit.Abstractions;

namespace StreamInsight.Server.Tests.Commands;

public sealed class FitCommandTests(ITestOutputHelper log) : IDisposable
{
    private const string Model = """
        # what a purchase is worth to us
        model: cdnow
        version: 1
        events:
          order: { name: "Order Completed", properties: { total: double } }
        features:
          clv:   { clv: { purchases: order, value: order.total, horizon: 39w } }   # kept as it is
          alive: { p_alive: { purchases: order } }
          rfm:
            rfm:
              purchases: order
              value: order.total

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("streaminsight-fit-").FullName;
    private readonly StringWriter _output = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_published_figures_of_a_real_shop_come_out_of_its_log()
    {
        if (SharedData.Find("cdnow/CDNOW_sample.txt") is not { } data)
        {
            log.WriteLine("Skipped: cdnow/CDNOW_sample.txt is not there.");
            return;
        }

        string events = Path.Combine(_folder, "orders.jsonl.gz");
        using (var writer = new StreamWriter(new GZipStream(File.Create(events), CompressionLevel.Fastest)))
        {
            int n = 0;
            foreach (string[] f in File.ReadLines(data).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).OrderBy(f => f[2], StringComparer.Ordinal))
                writer.WriteLine(Order(f[1], ++n, $"{f[2][..4]}-{f[2][4..6]}-{f[2][6..]}T{10 + (n % 8)}:00:00Z", f[4]));
        }

        string model = Write("m.yaml", Model);
        Assert.Equal(ExitCode.Done, Run("--model", model, "--events", events, "--holdout-from", "1997-10-01", "--write"));
        log.WriteLine(_output.ToString());
        string[] lines = _output.ToString().Split('\n');
        Assert.Equal("order.total: 2,357 customers from 1997-01-01 to 1997-09-30, 946 of them came back", lines[0]);
        Assert.Equal("  BG/NBD       r 0.243  alpha 4.414  a 0.793  b 2.426   log likelihood -9582.4", lines[1]);
        Assert.Equal("  Gamma-Gamma  p 6.25  q 3.74  gamma 15.44   log likelihood -4055.92", lines[2]);
        Assert.Contains("1997-10-01 to 1998-06-30 (39.0 weeks): purchase days expected 1,653, actual 1,882", lines[4], StringComparison.Ordinal);

        string written = File.ReadAllText(model);
        CheckedModel check = ModelCheck.All(written);
        Assert.Empty(check.Faults);
        Assert.Contains("# kept as it is", written, StringComparison.Ordinal);
        var reading = check.Model!.Definition.Features.Single(feature => feature.Name == "alive").Purchases!;
        Assert.Equal(4.414, reading.Buying!.Alpha, 0.0005);

        // Written again, the new parameters take the place of the old.
        Assert.Equal(ExitCode.Done, Run("--model", model, "--events", events, "--holdout-from", "1997-10-01", "--write"));
        Assert.Equal(written, File.ReadAllText(model));
    }

    [Fact]
    public void Too_little_is_said_and_the_model_is_left_alone_unless_asked()
    {
        string model = Write("m.yaml", Model);
        string events = Write("e.jsonl", string.Join('\n', Enumerable.Range(1, 3).Select(i => Order($"c{i}", i, $"2026-01-0{i}T10:00:00Z", "9.50"))));
        string snippet = Path.Combine(_folder, "estimates.yaml");
        Assert.Equal(ExitCode.Done, Run("--model", model, "--events", events, "--out", snippet));
        Assert.Contains("BG/NBD       too few customers", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal(Model, File.ReadAllText(model));
        Assert.Equal("# into rfm: over order.total\ncuts: { recency: [0, 1, 1, 2], frequency: [1, 1, 1, 1], monetary: [9.5, 9.5, 9.5, 9.5] }\n", File.ReadAllText(snippet));
    }

    [Fact]
    public void A_model_without_purchases_is_told_what_it_lacks()
    {
        string model = Write("m.yaml", "model: m\nversion: 1\n");
        Assert.Contains("no feature reads purchases", Assert.Throws<WrongInputException>(() => Run("--model", model, "--events", model)).Message, StringComparison.Ordinal);
    }

    private static string Order(string customer, int number, string at, string total) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"type":"track","event":"Order Completed","userId":"{{customer}}","messageId":"m{{number}}","timestamp":"{{at}}","properties":{"total":{{total}} } }""");

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private int Run(params string[] args) =>
        FitCommand.Create().Parse(args).Invoke(new InvocationConfiguration { Output = _output, EnableDefaultExceptionHandler = false });
}
