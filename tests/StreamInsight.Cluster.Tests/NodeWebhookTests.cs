using System.Text.Json;
using StreamInsight.Webhooks.Tests.Setting;

namespace StreamInsight.Cluster.Tests;

/// <summary>Webhooks of a cluster: each partition brings its own triggers, from where its last commit says.</summary>
public sealed class NodeWebhookTests(EquippedNodes nodes) : IClassFixture<EquippedNodes>
{
    [Fact]
    public async Task Every_subscriber_gets_what_is_meant_for_it_and_one_that_is_down_delays_no_other()
    {
        string[] customers = [.. Enumerable.Range(0, 40).Select(n => $"web-{n}")];
        foreach (string customer in customers)
            await EquippedNodes.OrderAsync(nodes.First, customer, 150);
        await Until.TrueAsync(() => Task.FromResult(customers.All(customer => Bodies("/crm").Any(fact => fact.Customer == customer && fact.Trigger == "big_in"))));

        // What was refused is kept, and every node shows the same.
        string undelivered = "";
        await Until.TrueAsync(async () =>
        {
            undelivered = await nodes.First.GetStringAsync("/v1/subscribers/picky/undelivered");
            return customers.All(customer => undelivered.Contains($"\"customer\":\"{customer}\""));
        });
        Assert.Contains("http_400", undelivered);
        Assert.Equal(undelivered, await nodes.Second.GetStringAsync("/v1/subscribers/picky/undelivered"));

        // The breaker of the one that is down opens on each node; its facts wait, in all partitions.
        foreach (HttpClient node in new[] { nodes.First, nodes.Second })
        {
            await Until.TrueAsync(async () => await StandingAsync(node, "down") is { State: "open" or "halfopen", Behind: > 0 });
            await Until.TrueAsync(async () => await StandingAsync(node, "crm") is { State: "closed", Behind: 0 });
            Assert.Contains("streaminsight_outbox_facts 0\n", await node.GetStringAsync("/metrics"));
        }
    }

    [Fact]
    public async Task What_was_given_up_is_erased_with_its_customer()
    {
        await EquippedNodes.OrderAsync(nodes.First, "leaver", 150);
        await Until.TrueAsync(async () => (await nodes.Second.GetStringAsync("/v1/subscribers/picky/undelivered")).Contains("\"leaver\""));
        using HttpResponseMessage erased = await nodes.Second.DeleteAsync("/v1/customers/leaver");
        Assert.True(erased.IsSuccessStatusCode);
        await Until.TrueAsync(async () => !(await nodes.First.GetStringAsync("/v1/subscribers/picky/undelivered")).Contains("\"leaver\""));
    }

    private List<(string Customer, string Trigger)> Bodies(string path) => Triggers(nodes.Subscribers, path);

    internal static List<(string Customer, string Trigger)> Triggers(Receiver receiver, string path) =>
    [
        .. receiver.Got.Where(got => got.Path == path).Select(got =>
        {
            using JsonDocument body = JsonDocument.Parse(got.Body);
            return (body.RootElement.GetProperty("data").GetProperty("customer").GetString()!, body.RootElement.GetProperty("type").GetString()!);
        }),
    ];

    private static async Task<(string State, long Behind)> StandingAsync(HttpClient node, string subscriber)
    {
        JsonElement found = (await EquippedNodes.GetAsync(node, "/v1/subscribers")).GetProperty("subscribers").EnumerateArray().Single(one => one.GetProperty("name").GetString() == subscriber);
        return (found.GetProperty("state").GetString()!, found.GetProperty("behind").GetInt64());
    }
}
