using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using StreamInsight.Server.Tests.Setting;
using StreamInsight.Testing;
using Xunit.Abstractions;

namespace StreamInsight.Server.Tests.Crash;

/// <summary>
/// The running service is killed again and again while events come by HTTP and through Kafka and triggers go to Redis; now and then it is asked to stop instead,
/// or Redis is killed beneath it. Afterwards what is in Redis is what <c>replay</c> makes of the same log, byte for byte and in order per customer, and every
/// acknowledged message is in that log. <c>./insight crash --kills 200</c>; STREAMINSIGHT_KILLS (default 5), STREAMINSIGHT_SEED.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const string Model = """
        model: crash
        version: 1
        traits: { tier: string }
        events:
          order: { name: "Order Completed", properties: { total: double } }
          view: { name: "Product Viewed" }
        features:
          spend: { sum: order.total, window: 2s }
          orders: { count: order }
          views: { count: view, window: 1s }
        journey:
          initial: new
          stages: [new, looking, buyer, idle]
          transitions:
            - { from: new, to: looking, when: features.views >= 1 }
            - { from: "*", to: buyer, when: event.name == "order" }
            - { from: buyer, to: idle, after: 1500ms }
        segments:
          big: { when: "features.spend >= 120.0", exit: "features.spend < 60.0" }
          gold: { when: traits.tier == "gold" }
          patient: { when: "segments.big && journey.stage == 'buyer'", for: 300ms, min_stay: 500ms }
        triggers:
          big_in: { on: entered(big), to: [redis], with: [features.spend, features.orders] }
          any_out: { on: left(*), to: [redis], with: [journey.stage, traits.tier] }
          moved: { on: stage(*), to: [redis] }
        """;

    private static readonly string[] Triggers = ["big_in", "any_out", "moved"];
    private static readonly string[] Segments = ["big", "gold", "patient"];

    [Fact]
    public async Task Redis_after_many_kills_is_what_replay_says_and_nothing_acknowledged_is_lost()
    {
        int kills = Setting("STREAMINSIGHT_KILLS") ?? 5, seed = Setting("STREAMINSIGHT_SEED") ?? Environment.TickCount & 0xffff;
        output.WriteLine($"{kills} kills, seed {seed}; again: ./insight crash --kills {kills} --seed {seed}");
        var clock = Stopwatch.StartNew();
        using var folder = new TempFolder();
        using var redis = new RedisServer();
        using var kafka = new KafkaLoad(seed);
        string facts = folder.File("facts.jsonl");
        string configuration = Configuration(folder, redis, kafka);
        string[] run = ["run", "--config", configuration, "--facts", facts];

        var http = new HttpLoad(seed);
        var moments = new Random(seed);
        int stops = 0, redisKills = 0;
        for (int killed = 0; killed < kills;)
        {
            using ServiceProcess service = await ServiceProcess.StartAsync(run);
            http.Url = service.Url;
            await Task.Delay(moments.Next(50, 2500));
            if (moments.Next(10) == 0)
            {
                redis.Kill();
                redisKills++;
                await Task.Delay(moments.Next(300));
            }
            // At the first, so that a short run has one too.
            if (stops == 0 || moments.Next(10) == 0)
            {
                stops++;
                Assert.Equal(0, await service.TerminateAsync());
                http.Url = null;
            }
            else
            {
                // Whoever is just being answered hears nothing more.
                await service.KillAsync();
                http.Url = null;
                killed++;
            }
            if (!redis.IsRunning)
                redis.Restart();
        }
        using (ServiceProcess service = await ServiceProcess.StartAsync(run))
        {
            http.Url = service.Url;
            await Task.Delay(500);
            await http.StopAsync();
            await kafka.StopAsync();
            await SettleAsync(service.Url, facts);
            await CheckMembersAsync(service.Url, redis);
            Assert.Equal(0, await service.TerminateAsync());
        }

        Outcome outcome = await ReplayAsync(folder, http, kafka);
        output.WriteLine($"{kills} kills, {stops} stops, {redisKills} kills of Redis in {clock.Elapsed.TotalSeconds:0} s");
        output.WriteLine($"{outcome.Facts} facts, {outcome.TriggerFacts} of them triggers, {outcome.Customers} customers; {File.ReadLines(facts).Count()} lines of facts");
        Assert.True(outcome.Customers > 40 && outcome.TriggerFacts > 100, "there was something to lose");
        List<string> differences = outcome.Differences(redis, File.ReadLines(facts));
        Assert.True(differences.Count == 0, $"{differences.Count} differences ({kafka.Overdue} records came after their time)\n" + string.Join('\n', differences.Take(10)));
        Assert.Equal(0, await CommandAsync("audit", configuration));
        CheckThatItWouldTell(outcome, redis, facts);
        Assert.Equal(1, await CommandAsync("audit", configuration));

        // Redis comes back empty.
        redis.Ask("FLUSHALL");
        Assert.NotEmpty(outcome.SetDifferences(redis));
        Assert.Equal(0, await CommandAsync("reconcile", configuration));
        Assert.Empty(outcome.SetDifferences(redis));
        Assert.Equal(0, await CommandAsync("audit", configuration));
    }

    private async Task<int> CommandAsync(string command, string configuration)
    {
        (int code, string said) = await ServiceProcess.RunAsync(command, "--config", configuration);
        output.WriteLine($"{command}: {code} {said.Trim()}");
        return code;
    }

    /// <summary>The comparison can fail: one entry taken out, one member, one fact told in other words.</summary>
    private static void CheckThatItWouldTell(Outcome outcome, RedisServer redis, string facts)
    {
        string[] lines = File.ReadAllLines(facts);
        Assert.Contains("facts of", Assert.Single(outcome.Differences(redis, lines.Take(lines.Length / 2).Concat([lines[^1].Replace("\"seq\":", "\"seq\":1")]).Concat(lines.Skip(lines.Length / 2)))));
        JsonElement first = redis.Ask("XRANGE", "si:t:moved", "-", "+", "COUNT", "1")[0];
        redis.Ask("XDEL", "si:t:moved", first[0].GetString()!);
        Assert.Contains("stream moved", Assert.Single(outcome.Differences(redis, lines)));
        redis.Ask("ZADD", "si:s:gold", "1", "nobody");
        Assert.Equal(2, outcome.Differences(redis, lines).Count);
    }

    private static string Configuration(TempFolder folder, RedisServer redis, KafkaLoad kafka) => folder.File("insight.yaml", $$"""
        model: {{folder.File("m.yaml", Model)}}
        data: {{folder.File("data")}}
        http: { bind: "127.0.0.1:0" }
        redis: { address: "{{redis.Address}}" }
        kafka:
          servers: "{{kafka.Servers}}"
          instance_id: crash
          properties: ["session.timeout.ms=2000", "heartbeat.interval.ms=200"]
        """);

    /// <summary>All timers of the model are over, nothing is on its way any more.</summary>
    private static async Task SettleAsync(Uri url, string facts)
    {
        using var client = new HttpClient { BaseAddress = url };
        long before = -1;
        for (int quiet = 0, tries = 0; quiet < 4; tries++)
        {
            Assert.True(tries < 120, "it does not come to rest");
            await Task.Delay(1000);
            long now = new FileInfo(facts).Length;
            string metrics = await client.GetStringAsync("/metrics");
            List<long> lags = [.. Figures(metrics, "streaminsight_source_lag_records")];   // Kafka's is there when it has looked
            bool isIdle = lags.Count == 2 && lags.TrueForAll(f => f == 0) && Figures(metrics, "streaminsight_sink_behind_facts").All(f => f == 0);
            quiet = isIdle && now == before ? quiet + 1 : 0;
            before = now;
        }
    }

    /// <summary>The metric, the store behind HTTP and Redis agree on who is in.</summary>
    private static async Task CheckMembersAsync(Uri url, RedisServer redis)
    {
        using var client = new HttpClient { BaseAddress = url };
        string metrics = await client.GetStringAsync("/metrics");
        foreach (string segment in Segments)
            Assert.Equal(redis.Scores($"si:s:{segment}").Count, Assert.Single(Figures(metrics, $"streaminsight_segment_members{{segment=\"{segment}\"}}")));
    }

    private static IEnumerable<long> Figures(string metrics, string name) => metrics.Split('\n').Where(l => l.StartsWith(name, StringComparison.Ordinal))
        .Select(l => (long)double.Parse(l[(l.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    /// <summary>The log is what the service's own log has, and what the broker has acknowledged.</summary>
    private async Task<Outcome> ReplayAsync(TempFolder folder, HttpLoad http, KafkaLoad kafka)
    {
        string log = folder.File("log.jsonl");
        (int records, long lastMs) = LogExport.Write(folder.File("data"), log);
        var logged = File.ReadLines(log).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("messageId").GetString()!).ToHashSet();
        Assert.Empty(http.Acknowledged.Except(logged));
        List<(string Body, long RecordTimeMs)> fromKafka = [.. kafka.Acknowledged];
        File.AppendAllLines(log, fromKafka.Select(r => LogExport.Line(r.Body, r.RecordTimeMs)));
        output.WriteLine($"{http.Acknowledged.Count} acknowledged by HTTP, {records} in the log; {fromKafka.Count} in Kafka");

        string until = LogExport.Instant(Math.Max(lastMs, fromKafka.Max(r => r.RecordTimeMs)) + 3_600_000), replayed = folder.File("replayed");
        (int code, string said) = await ServiceProcess.RunAsync("replay", "--model", folder.File("m.yaml"), "--events", log, "--out", replayed, "--until", until);
        Assert.True(code == 0, said);
        return new Outcome(replayed, Triggers, Segments);
    }

    private static int? Setting(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out int given) ? given : null;
}
