using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using StreamInsight.Kafka;
using StreamInsight.Server.Tests.Crash;
using StreamInsight.Server.Tests.Setting;
using StreamInsight.Testing;
using Xunit.Abstractions;

namespace StreamInsight.Cluster.Tests;

/// <summary>
/// Three processes of one group share a topic's partitions and one Redis; one after another is killed with <c>kill -9</c> and started again while events flow, customers move between partitions
/// and are merged across them. Afterwards the facts, trigger streams and segments are what <c>replay</c> makes of the same log. <c>./insight cluster --events 1000000 --kills 20</c>.
/// </summary>
public sealed class ThreeNodesTests(ITestOutputHelper output)
{
    internal const string Model = """
        model: cluster
        version: 1
        traits: { tier: string }
        events:
          order: { name: "Order Completed", properties: { total: double } }
          view: { name: "Product Viewed" }
        features:
          spend: { sum: order.total, window: 4s }
          orders: { count: order }
          views: { count: view, window: 2s }
        journey:
          initial: new
          stages: [new, looking, buyer, idle]
          transitions:
            - { from: new, to: looking, when: features.views >= 1 }
            - { from: "*", to: buyer, when: event.name == "order" }
            - { from: buyer, to: idle, after: 3s }
        segments:
          big: { when: "features.spend >= 120.0", exit: "features.spend < 60.0" }
          gold: { when: traits.tier == "gold" }
          patient: { when: "features.orders >= 3 && journey.stage == 'buyer'", for: 500ms, min_stay: 1s }
        triggers:
          big_in: { on: entered(big), to: [redis], with: [features.spend, features.orders] }
          gold_out: { on: left(gold), to: [redis], with: [journey.stage, traits.tier] }
          patient_in: { on: entered(patient), to: [redis], with: [features.orders] }
        """;

    private readonly ClusterSettings _settings = new();
    private readonly Progress _progress = new(output);

    [Fact]
    public async Task Redis_and_facts_after_kills_are_what_replay_says()
    {
        _progress.Say($"again: ./insight cluster {_settings}");
        using var folder = new TempFolder();
        using var redis = new RedisServer("--appendfsync", "everysec");
        using var broker = _settings.Kafka is null ? EmbeddedBroker.Start() : null;
        TopicNames topics = TopicNames.Usual;
        broker?.CreateTopic(topics.Events, _settings.Partitions);
        broker?.CreateTopic(topics.Handover, _settings.Partitions);
        broker?.CreateTopic(topics.Facts, _settings.Partitions);
        string kafka = broker?.Servers ?? _settings.Kafka!;
        using var nodes = new ClusterNodes(_settings, folder, folder.File("m.yaml", Model), redis.Address, kafka, topics);
        try
        {
            await RunAsync(folder, redis, kafka, topics, nodes);
        }
        catch (Exception e)
        {
            _progress.Say(nodes.LastWords());
            _progress.Say(e.ToString());
            throw;
        }
    }

    private async Task RunAsync(TempFolder folder, RedisServer redis, string kafka, TopicNames topics, ClusterNodes nodes)
    {
        using var watch = new CommitWatch(redis.Port, _settings.Partitions);
        using var load = new EventLoad(_settings, kafka, topics.Events);
        using var wire = new RedisWire(redis.Port);
        var dump = new EventDump();
        TopicTail events = new TopicTail(kafka, topics.Events, _settings.Partitions, dump.Take).Start();
        using var factLines = new StreamWriter(folder.File("facts.jsonl"));
        TopicTail facts = new TopicTail(kafka, topics.Facts, _settings.Partitions, record => factLines.WriteLine(Encoding.UTF8.GetString(record.Message.Value))).Start();
        for (int node = 0; node < _settings.Nodes; node++)
            await nodes.StartAsync(node);
        _progress.Say($"{_settings.Nodes} nodes listen");

        using var stop = new CancellationTokenSource();
        var clock = Stopwatch.StartNew();
        Task sending = load.SendAllAsync(stop.Token);
        await UntilAsync("every partition is committed", () => watch.Running == _settings.Partitions, 120);
        _progress.Say("every partition has been taken and committed");
        await KillAsync(nodes, watch, load);
        await RestartAllAsync(nodes, watch);
        load.MayEnd();
        await sending;
        _progress.Say($"{load.Sent} events sent in {clock.Elapsed.TotalSeconds:0} s; {load.Merges} merges, {load.RoamingMerges} of them of people who roam; {load.Overdue.Count} with overdue records");

        await SettleAsync(wire, kafka, topics, "applied");
        double seconds = clock.Elapsed.TotalSeconds;
        _progress.Say($"all applied: {load.Sent / seconds:0} events/s, kills included");
        int belated = load.SendBelated(_settings.People / 4);
        await SettleAsync(wire, kafka, topics, $"{belated} belated events by other partitions applied");

        await Task.Delay(TimeSpan.FromSeconds(17)); // the longest timer of the model, and how far records are ahead of the clock
        await SettleAsync(wire, kafka, topics, "timers over");
        long until = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await facts.FinishAsync();
        await factLines.DisposeAsync();
        await events.FinishAsync();
        Assert.Equal(load.Sent, dump.Write(folder.File("log.jsonl")));
        await CompareAsync(folder, wire, load, until, nodes);
        await nodes.StopAllAsync();
    }

    private async Task KillAsync(ClusterNodes nodes, CommitWatch watch, EventLoad load)
    {
        var moments = new Random(_settings.Seed);
        List<double> all = [], allMoved = [];
        for (int kill = 0; kill < _settings.Kills; kill++)
        {
            int node = kill % _settings.Nodes;
            await Task.Delay(moments.Next(500, 3000));
            long killedAt = Stopwatch.GetTimestamp();
            await nodes.KillAsync(node);
            await Task.Delay(moments.Next(0, 2 * (int)_settings.Session.TotalMilliseconds));
            await nodes.StartAsync(node);
            long restartedAt = Stopwatch.GetTimestamp();
            await UntilAsync("every partition is committed after a kill", () => watch.HaveAllCommittedSince(restartedAt), 120);
            await Until.TrueAsync(nodes.HaveAllPartitionsAsync); // so that the next kill takes something away
            (List<double> takenOver, List<double> moved) = watch.ChangesSince(killedAt);
            all.AddRange(takenOver);
            allMoved.AddRange(moved);
            _progress.Say($"kill {kill + 1} of {_settings.Kills}: from the kill to the next commit of {Spread(takenOver)}; {moved.Count} moved meanwhile; {load.Sent} events sent");
        }
        _progress.Say($"after kills, {Spread(all)}; moved between living nodes, {Spread(allMoved)}");
    }

    /// <summary>As an upgrade does it: one node after another stops as an operator stops it, and comes back.</summary>
    private async Task RestartAllAsync(ClusterNodes nodes, CommitWatch watch)
    {
        List<double> paused = [];
        for (int node = 0; node < _settings.Nodes; node++)
        {
            long stoppedAt = Stopwatch.GetTimestamp();
            await nodes.StopAsync(node);
            await nodes.StartAsync(node);
            long restartedAt = Stopwatch.GetTimestamp();
            await UntilAsync("every partition is committed after a restart", () => watch.HaveAllCommittedSince(restartedAt), 120);
            await Until.TrueAsync(nodes.HaveAllPartitionsAsync);
            (List<double> takenOver, List<double> moved) = watch.ChangesSince(stoppedAt);
            paused.AddRange(takenOver.Concat(moved));
        }
        _progress.Say($"rolling restart: from the last commit to the next of {Spread(paused)}");
    }

    private static string Spread(List<double> seconds) => seconds.Count == 0 ? "no partition" : string.Create(
        CultureInfo.InvariantCulture, $"{seconds.Count} partitions {seconds.Min():0.0} / {seconds.Order().ElementAt(seconds.Count / 2):0.0} / {seconds.Max():0.0} s (least, median, most)");

    /// <summary>Every record of both topics is applied, every fact delivered, and nothing more comes.</summary>
    private async Task SettleAsync(RedisWire redis, string kafka, TopicNames topics, string what)
    {
        string before = "";
        int quiet = 0;
        long told = Environment.TickCount64;
        for (long started = told; quiet < 4; await Task.Delay(500))
        {
            (string now, string? waitsFor) = await StandingAsync(redis, kafka, topics);
            quiet = waitsFor is null && now == before ? quiet + 1 : 0;
            before = now;
            if (Environment.TickCount64 - told > 10_000)
            {
                told = Environment.TickCount64;
                _progress.Say($"waiting: {waitsFor ?? "for quiet"}; {now}");
            }
            Assert.True(Environment.TickCount64 - started < 300_000, $"it does not come to rest: {waitsFor ?? now}");
        }
        _progress.Say(what);
    }

    private async Task<(string Now, string? WaitsFor)> StandingAsync(RedisWire redis, string kafka, TopicNames topics)
    {
        string? waitsFor = null;
        long[] events = await TopicEnds.OfAsync(kafka, topics.Events, _settings.Partitions), handovers = await TopicEnds.OfAsync(kafka, topics.Handover, _settings.Partitions);
        long commits = 0, facts = 0;
        for (int p = 0; p < _settings.Partitions; p++)
        {
            Dictionary<string, string> positions = redis.Hash(Key(p, "positions")), meta = redis.Hash(Key(p, "meta")), cursors = redis.Hash(Key(p, "cursors"));
            if (Number(positions, $"{topics.Events}/{p}", -1) + 1 < events[p])
                waitsFor = $"{topics.Events}/{p} at {Number(positions, $"{topics.Events}/{p}", -1)} of {events[p]}";
            else if (Number(positions, $"{topics.Handover}/{p}", -1) + 1 < handovers[p])
                waitsFor = $"{topics.Handover}/{p} at {Number(positions, $"{topics.Handover}/{p}", -1)} of {handovers[p]}";
            else if (Behind(meta, cursors) is { } sink)
                waitsFor = $"{sink} of partition {p}: {string.Join(' ', cursors)}";
            facts += Number(meta, "facts", 0);
            commits += Number(meta, "handovers", 0);
            if (redis.AskOne("HLEN", Key(p, "held")) is string held && held != "0")
                waitsFor = $"{held} messages held in partition {p}";
        }
        return (string.Create(CultureInfo.InvariantCulture, $"{facts} facts, {commits} handovers, {events.Sum()} events, {handovers.Sum()} in the topic of handovers"), waitsFor);
    }

    /// <summary>A sink that has not everything that is committed for it; null = none.</summary>
    private static string? Behind(Dictionary<string, string> meta, Dictionary<string, string> cursors) => cursors.Keys.FirstOrDefault(sink =>
    {
        string last = sink.StartsWith("handover:", StringComparison.Ordinal) ? "handovers" : sink.StartsWith("dead:", StringComparison.Ordinal) ? "dead" : "facts";
        return Number(cursors, sink, 0) < Number(meta, last, 0);
    });

    private async Task CompareAsync(TempFolder folder, RedisWire redis, EventLoad load, long until, ClusterNodes nodes)
    {
        string log = folder.File("log.jsonl"), facts = folder.File("facts.jsonl"), replayed = folder.File("replayed");
        (int code, string said) = await ServiceProcess.RunAsync("replay", "--model", folder.File("m.yaml"), "--events", log, "--out", replayed, "--until", EventDump.Instant(until));
        Assert.True(code == 0, said);
        HashSet<int> overdue = [.. load.Overdue];
        var comparison = new Comparison(replayed, IsJudged);
        bool IsJudged(string customer) => !overdue.Contains(Person.NumberOf(customer));
        _progress.Say($"replayed: {comparison.Facts} facts, {comparison.Profiles} customers");
        List<string> differences = [.. comparison.FactDifferences(facts, live => _progress.Say($"live: {live.Count} facts of {live.Customers} customers, {live.Repeats} told again")), .. comparison.RedisDifferences(redis)];
        differences.AddRange(await ProfileDifferencesAsync(replayed, nodes, IsJudged));
        if (differences.Count > 0)
            _progress.Say($"{differences.Count} differences\n" + string.Join('\n', differences.Take(20)));
        Assert.True(comparison.Facts > load.Sent / 10, "there was something to lose");
        Assert.True(differences.Count == 0, $"{differences.Count} differences, the first: {differences.FirstOrDefault()}");
        Assert.True(overdue.Count < _settings.People / 4, $"This machine is too busy to judge: {overdue.Count} of {_settings.People} people have records that came after their time.");
        _progress.Say($"facts, streams, segments and profiles are equal{(overdue.Count > 0 ? $", but {overdue.Count} people were not compared: their records came after their time" : "")}");
    }

    /// <summary>Some hundreds of customers as any of the nodes tells them.</summary>
    private static async Task<List<string>> ProfileDifferencesAsync(string replayed, ClusterNodes nodes, Func<string, bool> isJudged)
    {
        using var client = new HttpClient();
        var differences = new List<string>();
        string[] lines = File.ReadAllLines(Path.Combine(replayed, "profiles.jsonl"));
        Uri[] urls = [.. nodes.Urls];
        for (int i = 0; i < lines.Length; i += Math.Max(1, lines.Length / 300))
        {
            using JsonDocument expected = JsonDocument.Parse(lines[i]);
            string customer = expected.RootElement.GetProperty("customer").GetString()!;
            if (!isJudged(customer))
                continue;
            using HttpResponseMessage answer = await client.GetAsync(new Uri(urls[i % urls.Length], "/v1/customers/" + customer));
            string body = await answer.Content.ReadAsStringAsync();
            if (!answer.IsSuccessStatusCode)
            {
                differences.Add($"profile of {customer}: {(int)answer.StatusCode} {body}");
                continue;
            }
            using JsonDocument actual = JsonDocument.Parse(body);
            foreach (string field in (string[])["seq", "segments", "traits"])
            {
                if (!JsonElement.DeepEquals(expected.RootElement.GetProperty(field), actual.RootElement.GetProperty(field)))
                    differences.Add($"profile of {customer}: {field} is {expected.RootElement.GetProperty(field)} replayed, {actual.RootElement.GetProperty(field)} live");
            }
        }
        return differences;
    }

    private static async Task UntilAsync(string what, Func<bool> isSo, int seconds)
    {
        for (long started = Environment.TickCount64; !isSo(); await Task.Delay(20))
            Assert.True(Environment.TickCount64 - started < seconds * 1000, $"not within {seconds} s: {what}");
    }

    private static string Key(int partition, string name) => string.Create(CultureInfo.InvariantCulture, $"si:{{p{partition}}}:{name}");

    private static long Number(Dictionary<string, string> fields, string name, long otherwise) => fields.TryGetValue(name, out string? text) ? long.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
