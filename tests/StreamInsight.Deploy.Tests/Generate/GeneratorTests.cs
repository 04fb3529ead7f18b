using System.Text;
using StreamInsight.Deploy.Tests.Setting;
using StreamInsight.Kafka;
using StreamInsight.Pipeline;
using StreamInsight.Server;
using StreamInsight.Server.Demo;
using StreamInsight.Server.Generate;

namespace StreamInsight.Deploy.Tests.Generate;

public sealed class GeneratorTests
{
    private static GenerateOptions Options(long count) => new()
    {
        Rate = 5_000, Count = count, Simulation = new SimulationOptions { Customers = 200 }, TryAgain = TimeSpan.FromMilliseconds(1),
    };

    [Fact]
    public async Task Through_Kafka_every_event_reaches_the_service()
    {
        using EmbeddedBroker broker = EmbeddedBroker.Start();
        broker.CreateTopic(KafkaOptions.DefaultEventsTopic, 4);
        await using OneService service = await OneService.StartAsync(broker.Servers);
        string said = await Cli.RunAsync("generate", "--kafka", broker.Servers, "--rate", "5000", "--customers", "200", "--count", "2000");
        Assert.Contains("2,000 events sent", said);
        Dictionary<string, double> metrics = await service.MetricsAsync(metrics => metrics.GetValueOrDefault("streaminsight_events_total{source=\"kafka\"}") >= 2_000);
        // Late, double and broken ones are part of the town, a few in a hundred.
        double refused = metrics.Where(metric => metric.Key.StartsWith("streaminsight_refused_events_total", StringComparison.Ordinal)).Sum(metric => metric.Value);
        Assert.InRange(refused, 1, 100);
        Assert.True(metrics["streaminsight_customers"] > 50);
    }

    [Fact]
    public async Task By_HTTP_every_event_that_is_JSON_reaches_the_service()
    {
        await using OneService service = await OneService.StartAsync();
        string said = await Cli.RunAsync("generate", "--url", service.Url.ToString(), "--rate", "5000", "--customers", "200", "--count", "2000");
        Assert.Contains("2,000 events sent", said);
        await service.MetricsAsync(metrics => metrics.GetValueOrDefault("streaminsight_events_total{source=\"log\"}") >= 1_950);
    }

    [Fact]
    public async Task Two_runs_of_the_same_seed_are_not_taken_for_repeats()
    {
        var sent = new List<SimulatedMessage>();
        for (int run = 0; run < 2; run++)
            await new Generator(Options(300), new ListInlet(sent), new OneInstant(run), _ => { }).RunAsync(default);
        string[] first = [.. sent.Take(300).Select(message => Encoding.UTF8.GetString(message.Json.Span))];
        Assert.Equal(600, sent.Count);
        Assert.DoesNotContain(sent.Skip(300), message => first.Contains(Encoding.UTF8.GetString(message.Json.Span)) && message.Json.Span.IndexOf("\"messageId\""u8) >= 0);
    }

    [Fact]
    public async Task What_was_not_taken_is_sent_again_and_nothing_is_lost()
    {
        var sent = new List<SimulatedMessage>();
        var said = new List<string>();
        var generator = new Generator(Options(500), new ListInlet(sent) { FailsFirst = true }, TimeProvider.System, said.Add);
        await generator.RunAsync(default);
        Assert.Equal(500, generator.Sent);
        Assert.Equal(500, sent.Count);
        Assert.Contains("not now", said);
    }

    [Fact]
    public async Task Cancelling_ends_it_with_a_summary()
    {
        using var cancel = new CancellationTokenSource();
        var said = new List<string>();
        var sent = new List<SimulatedMessage>();
        await new Generator(Options(long.MaxValue), new ListInlet(sent) { Then = cancel.Cancel }, TimeProvider.System, said.Add).RunAsync(cancel.Token);
        Assert.EndsWith("events sent", said[^1]);
    }

    [Fact]
    public async Task Where_to_is_said_once()
    {
        Assert.Contains("one of --kafka", await Cli.RunAsync(ExitCode.WrongInput, "generate"));
        Assert.Contains("one of --kafka", await Cli.RunAsync(ExitCode.WrongInput, "generate", "--kafka", "127.0.0.1:9", "--url", "http://127.0.0.1:9"));
    }

    private sealed class ListInlet(List<SimulatedMessage> sent) : IDemoInlet
    {
        private int _calls;

        public bool FailsFirst { get; init; }

        public Action Then { get; init; } = () => { };

        public Task SendAsync(IReadOnlyList<SimulatedMessage> messages, long dateMs, CancellationToken cancel)
        {
            if (++_calls == 1 && FailsFirst)
                throw new DependencyUnavailableException("not now");
            sent.AddRange(messages);
            Then();
            return Task.CompletedTask;
        }

        public void Dispose()
        {
        }
    }

    private sealed class OneInstant(int run) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddDays(20_000).AddSeconds(run);
    }
}
