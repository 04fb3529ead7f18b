using System.Text;
using StreamInsight.Definitions;
using StreamInsight.Pipeline.Replay;

namespace StreamInsight.Pipeline.Tests.Replay;

public sealed class ReplayTests : IDisposable
{
    private static readonly CompiledModel Model = ModelCheck.All("""
        model: replay
        version: 1
        events: { order: { name: Order, properties: { total: double } }, view: { name: View } }
        features:
          views_1h: { count: view, window: 1h }
          spend_2h: { sum: order.total, window: 2h, exact_max: 3 }
        journey:
          initial: new
          stages: [new, buyer]
          transitions: [ { from: new, to: buyer, when: event.name == "order" }, { from: buyer, to: new, after: 90m } ]
        segments:
          busy: { when: features.views_1h >= 3 }
          big: { when: features.spend_2h > 100.0, for: 1m }
        """).Model!;

    private readonly string _folder = Directory.CreateTempSubdirectory("streaminsight-replay-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_number_of_threads_writes_the_same_bytes(int seed)
    {
        string log = Log(seed, events: 6_000, customers: 60);
        Dictionary<string, byte[]> alone = Replay(log, parallel: 1);
        Assert.NotEmpty(alone["facts.jsonl"]);
        Assert.NotEmpty(alone["dead.jsonl"]);
        foreach (int parallel in new[] { 2, 3, 7 })
            foreach ((string file, byte[] bytes) in Replay(log, parallel))
                Assert.True(alone[file].AsSpan().SequenceEqual(bytes), $"{file} differs with {parallel} threads");
    }

    [Fact]
    public void Entered_minus_left_is_members()
    {
        foreach (int seed in Enumerable.Range(10, 5))
        {
            ReplaySummary summary = Summary(Log(seed, events: 3_000, customers: 40), parallel: 2);
            Assert.All(summary.Segments, segment => Assert.True(segment.IsConserved, segment.Name));
            Assert.Equal(summary.Customers, summary.Stages.Sum(stage => stage.Customers));
            Assert.Equal(summary.Events, summary.Accepted + summary.TotalRefused);
        }
    }

    [Fact]
    public void Batches_blank_lines_carriage_returns_and_a_last_line_without_end_are_read()
    {
        ReplaySummary summary = Summary(
            """{"batch":[{"type":"track","event":"View","userId":"a"},{"type":"track","event":"View","userId":"b"},5],"sentAt":"2026-01-01T00:00:00Z"}""" + "\r\n\n  \n"
            + """{"type":"track","event":"View","userId":"a","timestamp":"2026-01-01T00:00:01Z"}""",
            parallel: 1);
        Assert.Equal((4, 3, 1), (summary.Events, summary.Accepted, summary.TotalRefused));
        Assert.Equal(2, summary.Customers);
    }

    [Fact]
    public void An_empty_log_gives_empty_files()
    {
        Dictionary<string, byte[]> files = Replay("", parallel: 2);
        Assert.All(new[] { "facts.jsonl", "profiles.jsonl", "dead.jsonl" }, file => Assert.Empty(files[file]));
    }

    private Dictionary<string, byte[]> Replay(string log, int parallel)
    {
        string folder = Path.Combine(_folder, $"{Guid.NewGuid():N}");
        new ReplayRunner(Options(log, parallel) with { OutputDirectory = folder }).Run();
        return Directory.GetFiles(folder).ToDictionary(file => Path.GetFileName(file)!, File.ReadAllBytes);
    }

    private static ReplaySummary Summary(string log, int parallel) => new ReplayRunner(Options(log, parallel)).Run();

    private static ReplayOptions Options(string log, int parallel) =>
        new() { Model = Model, Events = new MemoryStream(Encoding.UTF8.GetBytes(log)), Parallel = parallel };

    /// <summary>Visitors that become customers, aliases, repeats, lateness and broken lines.</summary>
    private static string Log(int seed, int events, int customers)
    {
        var random = new Random(seed);
        var log = new StringBuilder();
        long nowMs = 1_767_225_600_000;
        for (int i = 0; i < events; i++)
        {
            nowMs += random.Next(1, 8_000);
            long timeMs = nowMs - (random.Next(20) == 0 ? random.Next(100_000_000) : 0);
            string at = DateTimeOffset.FromUnixTimeMilliseconds(timeMs).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
            string got = DateTimeOffset.FromUnixTimeMilliseconds(nowMs).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
            int user = random.Next(customers), visitor = random.Next(customers * 4);
            string times = $"\"timestamp\":\"{at}\",\"receivedAt\":\"{got}\",\"messageId\":\"m{i - (random.Next(30) == 0 ? 1 : 0)}\"";
            log.Append(random.Next(12) switch
            {
                0 => $"{{\"type\":\"identify\",\"userId\":\"u{user}\",\"anonymousId\":\"v{visitor}\",{times}}}",
                1 when random.Next(4) == 0 => $"{{\"type\":\"alias\",\"userId\":\"u{user}\",\"previousId\":\"u{random.Next(customers)}\",{times}}}",
                2 => $"{{\"type\":\"track\",\"event\":\"Order\",\"userId\":\"u{user}\",\"properties\":{{\"total\":{random.Next(1, 80)}.5}},{times}}}",
                3 when random.Next(5) == 0 => "{broken",
                _ => $"{{\"type\":\"track\",\"event\":\"View\",\"anonymousId\":\"v{visitor}\",{times}}}",
            }).Append('\n');
        }

        return log.ToString();
    }
}
