using System.Text;
using System.Text.Json;
using StreamInsight.Server.Tests.Crash;

namespace StreamInsight.Cluster.Tests;

/// <summary><c>report</c>, <c>dead</c>, <c>audit</c> and <c>reconcile</c> beside a running cluster, and the metric of conservation.</summary>
public sealed class ClusterCommandTests(EquippedNodes nodes) : IClassFixture<EquippedNodes>
{
    [Fact]
    public async Task Dead_letters_are_shown_masked_and_put_back_once()
    {
        string redis = nodes.Redis.Address, url = nodes.Second.BaseAddress!.ToString();
        foreach (int n in Enumerable.Range(0, 5))
            await EquippedNodes.PostAsync(nodes.First, "/v1/track", $$"""{"type":"track","event":"Order Completed","userId":"dead-{{n}}@example.org","properties":{"total":"x"} }""");
        string[] lines = [];
        await Until.TrueAsync(async () => (lines = (await ExitsAsync(0, "dead", "list", "--json", "--redis", redis)).Split('\n', StringSplitOptions.RemoveEmptyEntries)).Length == 5);
        Assert.DoesNotContain("@example", string.Concat(lines));
        string id = JsonDocument.Parse(lines[0]).RootElement.GetProperty("number").GetString()!;
        Assert.Matches(@"^\d+/\d+$", id);
        Assert.Contains("bad_property", await ExitsAsync(0, "dead", "show", id, "--redis", redis));
        Assert.Contains("There may be more: --after ", await ExitsAsync(0, "dead", "list", "--limit", "2", "--redis", redis));
        Assert.Contains("give the address of any of them with --url", await ExitsAsync(1, "dead", "requeue", id, "--redis", redis));

        Assert.Contains("1 put back", await ExitsAsync(0, "dead", "requeue", id, "--redis", redis, "--url", url));
        Assert.Contains("0 put back, 1 not", await ExitsAsync(1, "dead", "requeue", id, "--redis", redis, "--url", url));
        Assert.Contains("insight.events/", await ExitsAsync(0, "dead", "show", id, "--config", nodes.ConfigPath));
        // The first is as bad as it was, and may be among them again.
        Assert.Matches("[45] put back", await ExitsAsync(0, "dead", "requeue", "--reason", "bad_property", "--until", "2999-01-01T00:00:00Z", "--config", nodes.ConfigPath, "--url", url));
        // Ten now or more, five of them put back, each with the time of its first arrival.
        await Until.TrueAsync(async () => (await ExitsAsync(0, "dead", "list", "--json", "--raw", "--redis", redis)).Split('\n', StringSplitOptions.RemoveEmptyEntries) is { Length: >= 10 } now
            && now.Count(line => line.Contains("put_back_as")) >= 5 && now.Count(line => line.Contains("\"timestamp\"")) >= 5);
        Assert.Contains("Redis at", await ExitsAsync(1, "dead", "list", "--redis", $"redis://{redis}/5"));
    }

    [Fact]
    public async Task What_is_missing_in_Redis_is_found_and_written_again()
    {
        string[] flags = ["--model", nodes.ModelPath, "--cluster", "equipped", "--redis", nodes.Redis.Address];
        foreach (int n in Enumerable.Range(0, 12))
            await EquippedNodes.OrderAsync(nodes.First, $"audit-{n}", 200);
        await Until.TrueAsync(async () => await MembersAsync("big") == 12 && nodes.Redis.Scores("si:s:big").Count == 12);
        var before = nodes.Redis.Scores("si:s:big");
        Assert.Contains("Everything agrees.", await ExitsAsync(0, ["audit", .. flags]));

        nodes.Redis.Ask("ZREM", "si:s:big", "audit-1");
        nodes.Redis.Ask("ZADD", "si:s:big", "7", "audit-2");
        nodes.Redis.Ask("ZADD", "si:s:huge", "7", "ghost");
        nodes.Redis.Ask("DEL", "si:c:{audit-3}");
        // Whichever node has the first partition sees one member too few and one too many.
        await Until.TrueAsync(async () => await HasAsync("streaminsight_redis_difference{segment=\"big\"} -1\n") && await HasAsync("streaminsight_redis_difference{segment=\"huge\"} 1\n"));
        string wrong = await ExitsAsync(1, ["audit", "--json", .. flags]);
        Assert.Contains("\"segment\":\"big\",\"entered\":12,\"left\":0,\"members\":12,\"in_states\":12,\"in_redis\":11,\"unconserved\":0,\"states_differ\":null,\"facts_differ\":0,\"redis_differs\":2", wrong);
        Assert.Contains("1 members were too many", await ExitsAsync(0, ["reconcile", .. flags]));
        await ExitsAsync(0, ["audit", "--config", nodes.ConfigPath]);
        Assert.Equal(before, nodes.Redis.Scores("si:s:big"));
        Assert.Empty(nodes.Redis.Scores("si:s:huge"));
        Assert.Equal("""["big"]""", nodes.Redis.Hash("si:c:{audit-3}")["segments"]);
        Assert.Contains("holds the state of the cluster equipped, not of other", await ExitsAsync(1, "audit", "--model", nodes.ModelPath, "--cluster", "other", "--redis", nodes.Redis.Address));

        // A counter that is not what it should be: the node that has the partition tells.
        string key = nodes.Redis.Keys("si:{p*}:counters").First(key => nodes.Redis.Hash(key).ContainsKey("entered:big"));
        nodes.Redis.Ask("HINCRBY", key, "entered:big", "3");
        Assert.Contains("entered - left - members = 3", await ExitsAsync(1, ["audit", .. flags]));
        await Until.TrueAsync(async () => (await MetricAsync(nodes.First)) + (await MetricAsync(nodes.Second)) == 3);
        nodes.Redis.Ask("HINCRBY", key, "entered:big", "-3");
    }

    [Fact]
    public async Task An_audit_amid_events_and_timers_finds_no_difference()
    {
        using var stop = new CancellationTokenSource();
        Task load = Task.Run(async () =>
        {
            for (int n = 0; !stop.IsCancellationRequested; n++)
                await EquippedNodes.OrderAsync(n % 2 == 0 ? nodes.First : nodes.Second, $"amid-{n}", 20);
        });
        await Until.TrueAsync(async () => await MembersAsync("busy") > 50);
        for (int times = 0; times < 3; times++)
        {
            string told = await ExitsAsync(0, "audit", "--config", nodes.ConfigPath);
            Assert.Contains("Everything agrees.", told);
        }
        await stop.CancelAsync();
        await load;
        // Who does nothing leaves; nobody is counted then who is not there.
        await Until.TrueAsync(async () => await MembersAsync("busy") == 0);
        await ExitsAsync(0, "audit", "--config", nodes.ConfigPath);
    }

    [Fact]
    public async Task A_report_counts_all_partitions()
    {
        foreach (int n in Enumerable.Range(0, 10))
        {
            await EquippedNodes.OrderAsync(nodes.First, $"report-{n}", 20);
            await EquippedNodes.PostAsync(nodes.Second, "/v1/track", $$"""{"type":"track","event":"Action Shown","userId":"report-{{n}}","properties":{"action":"thank","channel":"web"} }""");
        }
        await Until.TrueAsync(async () => Shown(await ExitsAsync(0, "report", "--json", "--url", nodes.First.BaseAddress!.ToString())) == 10);
        Assert.Contains("thank", await ExitsAsync(0, "report", "--url", nodes.Second.BaseAddress!.ToString()));

        static double Shown(string report) => JsonDocument.Parse(report).RootElement.GetProperty("actions").GetProperty("thank").GetProperty("shown").GetDouble();
    }

    private async Task<long> MembersAsync(string segment) => (await EquippedNodes.GetAsync(nodes.First, "/v1/segments")).GetProperty("segments").EnumerateArray()
        .Single(one => one.GetProperty("name").GetString() == segment).GetProperty("members").GetInt64();

    private async Task<bool> HasAsync(string line) => (await nodes.First.GetStringAsync("/metrics")).Contains(line) || (await nodes.Second.GetStringAsync("/metrics")).Contains(line);

    private static async Task<long> MetricAsync(HttpClient node)
    {
        string line = (await node.GetStringAsync("/metrics")).Split('\n').Single(line => line.StartsWith("streaminsight_conservation_difference{segment=\"big\"}", StringComparison.Ordinal));
        return long.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task<string> ExitsAsync(int code, params string[] arguments)
    {
        (int actual, string said, string printed) = await ServiceProcess.RunWholeAsync(arguments);
        Assert.True(code == actual, $"exit code {actual}: {said} {printed}");
        return printed + said;
    }
}
