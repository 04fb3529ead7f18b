using System.Diagnostics;
using System.Text;
using StreamInsight.Kafka;
using StreamInsight.Pipeline;
using StreamInsight.Server.Commands;
using StreamInsight.Server.Configuration;
using StreamInsight.Server.Tests.Setting;
using StreamInsight.Sqlite;
using Xunit.Abstractions;

namespace StreamInsight.Server.Tests.Kafka;

/// <summary>The service with the embedded broker over TCP; kcat is the peer that is not ours.</summary>
public sealed class KafkaServiceTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Poison_goes_to_the_dead_topic_with_its_headers_and_the_rest_is_applied()
    {
        await using RunningService running = await RunningService.StartAsync(options => options with
        {
            Kafka = new InsightOptions.KafkaUse { Options = new KafkaOptions { Servers = "embedded" }, Embedded = true },
        });
        string servers = running.Service.Kafka!.Servers;
        string lines = "not json\n{\"type\":\"nope\",\"userId\":\"u1\"}\n{\"type\":\"track\",\"event\":\"Order Completed\",\"userId\":\"u1\",\"properties\":{\"total\":150}}\n";
        if (await KcatAsync(lines, "-P", "-b", servers, "-t", "insight.events", "-p", "1", "-z", "zstd") is null)
        {
            output.WriteLine("Skipped: kcat is not here.");
            return;
        }
        await running.GetUntilAsync("/v1/segments", text => text.Contains("\"members\":1"));
        string dead = "";
        // The topic comes into being with its first letter.
        for (int tries = 0; tries < 100 && dead.Count(c => c == '\n') < 2; tries++)
            dead = (await KcatAsync("", "-C", "-b", servers, "-t", "insight.dead", "-o", "beginning", "-e", "-f", "%h %s\n"))!;
        Assert.Contains("reason=not_json,source-topic=insight.events,source-partition=1,source-offset=0 not json", dead);
        Assert.Contains("reason=no_type,source-topic=insight.events,source-partition=1,source-offset=1 {\"type\":\"nope\"", dead);
    }

    [Fact]
    public async Task Partitions_move_between_two_members_that_share_a_store_and_every_record_counts_once()
    {
        const int Customers = 20, Rounds = 6;
        using EmbeddedBroker broker = EmbeddedBroker.Start();
        broker.CreateTopic("insight.events", 4);
        using var folder = new TempFolder();
        var options = new KafkaOptions
        {
            Servers = broker.Servers,
            Properties = new Dictionary<string, string> { ["session.timeout.ms"] = "2000", ["heartbeat.interval.ms"] = "200" },
        };
        CompiledModel model = ModelFile.Load(new FileInfo(folder.File("m.yaml", RunningService.Model)));
        using SqliteFile file = SqliteFile.Open(folder.File("data"));
        using var store = new SqliteStateStore(file);
        using var metrics = new PipelineMetrics();
        KafkaEventSource first = new(options), second = new(options);
        await using var pipeline = new LivePipeline(new PipelineParts
        {
            Model = model,
            Host = new LocalCustomerHost(model, store),
            Store = store,
            Members = new SegmentCounts(new Dictionary<string, long>(), []),
            Sources = [first, second],
            Metrics = metrics,
        });
        using var feed = new KafkaEventFeed(options);
        await pipeline.StartAsync(default);
        for (int round = 0; round < Rounds; round++)
        {
            await feed.SendAsync([.. Enumerable.Range(0, Customers).Select(n => Order($"u{n}"))], default);
            // In the middle one member leaves, with records under way: its partitions go to the other.
            if (round == Rounds / 2)
                await first.DisposeAsync();
        }
        long started = Environment.TickCount64;
        while (!await HaveAllAsync(pipeline, Customers, Rounds))
        {
            Assert.True(Environment.TickCount64 - started < 120_000, "not every record was applied");
            await Task.Delay(50);
        }
        await pipeline.StopAsync(TimeSpan.Zero);
        Assert.Equal(Customers * Rounds, store.LoadPositions().Values.Sum(offset => offset + 1));
    }

    [Fact]
    public async Task A_second_process_on_the_same_store_is_refused_with_a_clear_line()
    {
        await using RunningService running = await RunningService.StartAsync();
        string folder = Path.GetDirectoryName(running.Service.StorePath)!;
        var refused = Assert.Throws<DependencyUnavailableException>(() => SqliteFile.Open(folder));
        Assert.Contains("in use by another streaminsight process", refused.Message);
    }

    private static OutgoingMessage Order(string customer) => new(
        customer, Encoding.UTF8.GetBytes($$"""{"type":"track","event":"Order Completed","userId":"{{customer}}","properties":{"total":1} }"""), DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());

    private static Task<bool> HaveAllAsync(LivePipeline pipeline, int customers, int orders) => pipeline.AskAsync(async host =>
    {
        int all = 0;
        for (int n = 0; n < customers; n++)
        {
            if (await host.ProfileAsync($"u{n}") is not { } line)
                return false;
            string profile = Encoding.UTF8.GetString(line);
            Assert.DoesNotContain($"\"orders\":{orders + 1}", profile);
            all += profile.Contains($"\"orders\":{orders},") || profile.Contains($"\"orders\":{orders}}}") ? 1 : 0;
        }
        return all == customers;
    });

    /// <summary>What kcat wrote; null = it is not installed.</summary>
    private static async Task<string?> KcatAsync(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("kcat") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        try
        {
            using Process kcat = Process.Start(start)!;
            await kcat.StandardInput.WriteAsync(input);
            kcat.StandardInput.Close();
            return await kcat.StandardOutput.ReadToEndAsync();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
