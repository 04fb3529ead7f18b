using System.Net;
using System.Text.Json;

namespace StreamInsight.Cluster.Tests;

/// <summary>One stream of facts of the whole cluster, from any node.</summary>
public sealed class NodeFactStreamTests(EquippedNodes nodes) : IClassFixture<EquippedNodes>
{
    [Fact]
    public async Task A_stream_that_resumes_on_another_node_repeats_nothing_and_skips_nothing()
    {
        string[] customers = [.. Enumerable.Range(0, 20).Select(n => $"stream-{n}")];
        using FactEvents first = await FactEvents.OpenAsync(nodes.First);
        foreach (string customer in customers)
            await EquippedNodes.OrderAsync(customer.GetHashCode() % 2 == 0 ? nodes.First : nodes.Second, customer, 150);
        List<JsonElement> facts = await first.NextAsync(37);
        using FactEvents second = await FactEvents.OpenAsync(nodes.Second, lastId: first.LastId);
        while (facts.Count(IsTrigger) < customers.Length)
            facts.Add(await second.NextAsync());

        Assert.Equal(facts.Count, facts.Select(fact => fact.GetProperty("id").GetString()).Distinct().Count());
        foreach (string customer in customers)
        {
            long[] seqs = [.. facts.Where(fact => fact.GetProperty("customer").GetString() == customer).Select(fact => fact.GetProperty("seq").GetInt64())];
            Assert.Equal(Enumerable.Range(1, seqs.Length).Select(seq => (long)seq), seqs);
            JsonElement told = (await EquippedNodes.GetAsync(nodes.First, $"/v1/customers/{customer}/facts?limit=1000")).GetProperty("facts");
            Assert.Superset(
                facts.Where(fact => fact.GetProperty("customer").GetString() == customer).Select(fact => fact.GetProperty("id").GetString()).ToHashSet(),
                told.EnumerateArray().Select(fact => fact.GetProperty("id").GetString()).ToHashSet());
        }
    }

    [Fact]
    public async Task A_stream_may_be_filtered()
    {
        using FactEvents triggers = await FactEvents.OpenAsync(nodes.Second, "?trigger=huge_in");
        using FactEvents stages = await FactEvents.OpenAsync(nodes.First, "?kind=stage_changed&customer=filter-3");
        foreach (int n in Enumerable.Range(0, 6))
        {
            await EquippedNodes.OrderAsync(nodes.First, $"filter-{n}", 1500);
            await EquippedNodes.OrderAsync(nodes.Second, $"filter-small-{n}", 5);
        }
        List<JsonElement> found = await triggers.NextAsync(6);
        Assert.Equal(Enumerable.Range(0, 6).Select(n => $"filter-{n}"), found.Select(fact => fact.GetProperty("customer").GetString()!).Order());
        Assert.Equal("filter-3", (await stages.NextAsync()).GetProperty("customer").GetString());
    }

    [Fact]
    public async Task A_stream_may_begin_with_facts_before_now()
    {
        foreach (int n in Enumerable.Range(0, 12))
            await EquippedNodes.OrderAsync(nodes.First, $"before-{n}", 5);
        await Until.TrueAsync(async () => (await nodes.Second.GetStringAsync("/v1/customers/before-11/facts")).Contains("routing_changed"));
        using FactEvents told = await FactEvents.OpenAsync(nodes.Second, "?last=600&kind=stage_changed&" + string.Join('&', Enumerable.Range(0, 12).Select(n => $"customer=before-{n}")));
        Assert.Equal(12, (await told.NextAsync(12)).Select(fact => fact.GetProperty("customer").GetString()).Distinct().Count());
        Assert.Equal(HttpStatusCode.BadRequest, (await nodes.First.GetAsync("/v1/facts/stream?last=10001")).StatusCode);
    }

    [Fact]
    public async Task An_id_that_is_none_of_this_cluster_is_refused()
    {
        foreach (string id in (string[])["17", "1.2.3", "1.2.3.4.5.x"])
            Assert.Equal(HttpStatusCode.BadRequest, (await nodes.First.GetAsync($"/v1/facts/stream?after={id}")).StatusCode);
    }

    private static bool IsTrigger(JsonElement fact) => fact.GetProperty("kind").GetString() == "trigger" && fact.GetProperty("customer").GetString()!.StartsWith("stream-", StringComparison.Ordinal);
}
