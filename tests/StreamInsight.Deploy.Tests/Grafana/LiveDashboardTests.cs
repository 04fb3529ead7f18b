using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using StreamInsight.Deploy.Tests.Setting;
using StreamInsight.Kafka;
using StreamInsight.Testing;

namespace StreamInsight.Deploy.Tests.Grafana;

/// <summary>A real Prometheus scrapes a real service under load: what the dashboards ask has an answer.</summary>
public sealed class LiveDashboardTests
{
    /// <summary>Metrics that have no value in either test, and why. A query that has one of them is not asked.</summary>
    private static readonly Dictionary<string, string> Nowhere = new()
    {
        ["streaminsight_skipped_events_total"] = "nothing is delivered twice without a restart",
        ["streaminsight_sink_expired_triggers_total"] = "no trigger waits for its max_age of minutes",
        ["streaminsight_webhook_undelivered_total"] = "the subscriber takes everything",
        ["streaminsight_routing_refreshed_records_total"] = "no record is old enough to be refreshed",
    };

    private static readonly Dictionary<string, string> NotAlone = new(Nowhere)
    {
        ["streaminsight_partitions"] = "one process has no partitions to share",
        ["streaminsight_cluster_partitions"] = "one process has no partitions to share",
    };

    private static readonly Dictionary<string, string> NotOnSeveralNodes = new(Nowhere)
    {
        ["streaminsight_webhook_sent_total"] = "the sample has no subscriber",
        ["streaminsight_sink_failures_total"] = "no sink was away",
        ["streaminsight_timer_lateness_seconds"] = "no timer of the sample is due within a minute",
    };

    [Fact]
    public async Task Of_a_service_on_its_own_every_query_has_an_answer()
    {
        using var redis = new RedisServer();
        using EmbeddedBroker broker = EmbeddedBroker.Start();
        broker.CreateTopic(KafkaOptions.DefaultEventsTopic, 4);
        using var subscriber = new Subscriber();
        await using OneService service = await OneService.StartAsync(broker.Servers, redis.Address, subscriber.AddTo(Repository.Read("samples/telco-care.yaml")), "trial");
        using var prometheus = new PrometheusServer(service.Url);
        using var stop = new CancellationTokenSource();
        Task load = Load.GenerateAsync(broker.Servers, 1_500, stop.Token);

        // A sink that was away for a moment: the failures are on a dashboard too.
        await service.MetricsAsync(metrics => metrics.GetValueOrDefault("streaminsight_sink_delivered_facts_total{sink=\"redis\"}") > 100);
        redis.Kill();
        await service.MetricsAsync(metrics => metrics.GetValueOrDefault("streaminsight_sink_failures_total{sink=\"redis\"}") > 0);
        redis.Restart();

        await AskAsync(prometheus, NotAlone);
        await stop.CancelAsync();
        await load;
    }

    [Fact]
    public async Task Of_the_two_nodes_of_the_compose_file_every_query_has_an_answer()
    {
        using var redis = new RedisServer("--maxmemory-policy", "noeviction");
        using EmbeddedBroker broker = EmbeddedBroker.Start();
        foreach (string topic in (string[])[KafkaOptions.DefaultEventsTopic, KafkaOptions.DefaultHandoverTopic, KafkaOptions.DefaultFactsTopic])
            broker.CreateTopic(topic, 4);
        broker.CreateTopic(KafkaOptions.DefaultDeadTopic, 1);
        await using TwoNodes nodes = await TwoNodes.StartAsync(broker.Servers, redis.Address);
        using var prometheus = new PrometheusServer(nodes.Urls);
        using var stop = new CancellationTokenSource();
        Task load = Load.GenerateAsync(broker.Servers, 500, stop.Token);
        JsonNode[] rules = await AskAsync(prometheus, NotOnSeveralNodes);
        Assert.Equal(4, nodes.Running);
        Assert.Equal(2, await prometheus.CountAsync("up{job=\"streaminsight\"} == 1"));
        Assert.Equal("inactive", rules.Single(rule => rule["name"]!.GetValue<string>() == "InsightPartitionWithoutOwner")["state"]!.GetValue<string>());
        await stop.CancelAsync();
        await load;
    }

    [Fact]
    public void Nothing_is_excused_that_no_dashboard_asks_and_nothing_in_both_tests_without_need()
    {
        Assert.All(NotAlone.Keys.Concat(NotOnSeveralNodes.Keys), metric => Assert.Contains(Dashboards.Queries(), asked => Uses(asked.Query, metric)));
        Assert.Equal(Nowhere.Keys.Order(), NotAlone.Keys.Intersect(NotOnSeveralNodes.Keys).Order());
    }

    /// <summary>Asks every query that is not excused until it has an answer; gives back the rules, all of which could be evaluated.</summary>
    private static async Task<JsonNode[]> AskAsync(PrometheusServer prometheus, Dictionary<string, string> excused)
    {
        List<(string Panel, string Query)> open = [.. Dashboards.Queries().Where(asked => !excused.Keys.Any(metric => Uses(asked.Query, metric)))];
        Assert.True(open.Count > 50, $"only {open.Count} queries");
        for (long started = Stopwatch.GetTimestamp(); open.Count > 0 && Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(150); await Task.Delay(500))
            foreach ((string Panel, string Query) asked in open.ToArray())
                if (await prometheus.CountAsync(asked.Query) > 0)
                    open.Remove(asked);
        Assert.True(open.Count == 0, "no answer to\n" + string.Join('\n', open.Select(asked => $"{asked.Panel}: {asked.Query}")));
        JsonNode[] rules = await prometheus.RulesAsync();
        Assert.True(rules.Length > 15);
        Assert.All(rules, rule => Assert.Equal("ok", rule["health"]!.GetValue<string>()));
        // The service is up, nobody lost anything: these would be false alarms.
        Assert.All(rules.Where(rule => rule["name"]!.GetValue<string>() is "InsightNodeDown" or "InsightNoNode" or "InsightNotConserved" or "InsightCustomerStopped"),
            rule => Assert.Equal("inactive", rule["state"]!.GetValue<string>()));
        return rules;
    }

    private static bool Uses(string query, string metric) => System.Text.RegularExpressions.Regex.IsMatch(query, $@"\b{metric}(_bucket)?\b");

    /// <summary>Takes the triggers that are posted to it.</summary>
    private sealed class Subscriber : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly int _port;

        public Subscriber()
        {
            for (_port = 21_000 + (Environment.ProcessId % 10_000); ; _port++)
            {
                _listener.Prefixes.Clear();
                _listener.Prefixes.Add($"http://127.0.0.1:{_port}/");
                try
                {
                    _listener.Start();
                    break;
                }
                catch (HttpListenerException)
                {
                    // taken
                }
            }
            _ = AnswerAsync();
        }

        /// <summary>The model with this subscriber, to whom entries into a segment are told.</summary>
        public string AddTo(string model) => model
            // Somebody who leaves a segment because time passed, within seconds.
            .Replace("\nfeatures:\n", "\nfeatures:\n  shown_5s: { count: shown, window: 5s }\n", StringComparison.Ordinal)
            .Replace("\nsegments:\n", "\nsegments:\n  just_shown: { when: features.shown_5s > 0 }\n", StringComparison.Ordinal)
            .Replace("\ntriggers:\n", $$"""

            subscribers:
              crm: { url: "http://127.0.0.1:{{_port}}/hook", secret_env: CRM_HOOK_SECRET }

            triggers:
              hot_told:         { on: entered(browsing_hot), to: [crm] }

            """, StringComparison.Ordinal);

        public void Dispose() => ((IDisposable)_listener).Dispose();

        private async Task AnswerAsync()
        {
            try
            {
                while (true)
                {
                    HttpListenerContext context = await _listener.GetContextAsync();
                    context.Response.StatusCode = 204;
                    context.Response.Close();
                }
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                // disposed
            }
        }
    }
}
