using System.Text;
using System.Text.Json.Nodes;
using StreamInsight.Kafka;
using StreamInsight.Pipeline.Partitions;
using StreamInsight.Server.Tests.Crash;
using StreamInsight.Server.Tests.Setting;

namespace StreamInsight.Cluster.Tests;

/// <summary>What the run of three processes relies on: its load keeps the promise it is judged by, and its comparison can fail.</summary>
public sealed class ComparisonTests
{
    private static readonly ClusterSettings Small = new() { Events = 4000, Partitions = 8, Rate = 100_000, Seed = 7, Kills = 0 };

    [Fact]
    public async Task The_comparison_tells_a_missing_a_changed_and_an_overtaken_fact()
    {
        using var folder = new TempFolder();
        using var broker = EmbeddedBroker.Start();
        broker.CreateTopic("insight.events", Small.Partitions);
        var dump = new EventDump();
        TopicTail events = new TopicTail(broker.Servers, "insight.events", Small.Partitions, dump.Take).Start();
        using var load = new EventLoad(Small, broker.Servers, "insight.events");
        load.MayEnd();
        await load.SendAllAsync(default);
        await events.FinishAsync();
        string log = folder.File("log.jsonl"), replayed = folder.File("replayed");

        Assert.Equal(Small.Events, dump.Write(log));
        (int code, string said) = await ServiceProcess.RunAsync("replay", "--model", folder.File("m.yaml", ThreeNodesTests.Model), "--events", log, "--out", replayed);
        Assert.True(code == 0, said);

        var comparison = new Comparison(replayed, _ => true);
        string[] facts = File.ReadAllLines(Path.Combine(replayed, "facts.jsonl"));
        Assert.True(comparison.Facts > 500 && load.RoamingMerges > 20, $"{comparison.Facts} facts, {load.RoamingMerges} merges");
        Assert.Contains(facts, fact => fact.Contains("\"kind\":\"merged\"", StringComparison.Ordinal));
        Assert.Empty(Differences(facts));
        Assert.Empty(Differences([.. facts, .. facts.TakeLast(50)])); // told again
        Assert.Contains("replayed, ", Assert.Single(Differences(facts[..^1])));
        Assert.Contains("told twice in other words", Differences([.. facts, facts[^1].Replace("\"at\":\"2", "\"at\":\"3", StringComparison.Ordinal)])[0]);
        string[] customers = [.. facts.Select(fact => FactLine.Read(fact).Customer)];
        int first = Array.FindIndex(customers, customer => customers.Count(other => other == customer) > 1), later = Array.LastIndexOf(customers, customers[first]);
        (facts[first], facts[later]) = (facts[later], facts[first]);
        Assert.Contains(Differences(facts), difference => difference.Contains("out of order", StringComparison.Ordinal));

        List<string> Differences(string[] live) => comparison.FactDifferences(folder.File("live.jsonl", string.Join('\n', live) + "\n"), _ => { });
    }

    [Fact]
    public void Who_is_local_has_all_their_ids_in_one_partition_and_a_linked_id_is_not_used_alone_again()
    {
        var homes = new HomePartitions(8);
        var random = new Random(1);
        var local = new Person(1, 5, homes);
        var linked = new HashSet<string>();
        for (int i = 0; i < 2000; i++)
        {
            JsonNode message = JsonNode.Parse(local.Next($"m{i}", random))!;
            string[] ids = [.. ((string[])["userId", "anonymousId", "previousId"]).Select(name => (string?)message[name]).OfType<string>()];
            Assert.All(ids, id => Assert.Equal(5, homes.Of(Encoding.UTF8.GetBytes(id))));
            Assert.DoesNotContain(ids, linked.Contains);
            if (ids.Length == 2)
                linked.Add(ids.Single(id => id != local.User));
        }
        Assert.Equal(6, linked.Count);
    }
}
