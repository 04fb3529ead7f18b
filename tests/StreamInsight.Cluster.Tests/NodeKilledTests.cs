using System.Text.Json;
using StreamInsight.Webhooks.Tests.Setting;

namespace StreamInsight.Cluster.Tests;

/// <summary>A node is killed while triggers and facts are on their way.</summary>
public sealed class NodeKilledTests(EquippedNodes nodes) : IClassFixture<EquippedNodes>
{
    private const int Customers = 120;

    [Fact]
    public async Task No_webhook_and_no_fact_of_the_stream_is_lost_and_each_customers_come_in_order()
    {
        // Slow enough that many are on their way when the node dies.
        nodes.Subscribers.Answer = async got =>
        {
            await Task.Delay(15);
            return got.Path == "/picky" ? 400 : 204;
        };
        using FactEvents stream = await FactEvents.OpenAsync(nodes.Second);
        for (int n = 0; n < Customers; n++)
        {
            await EquippedNodes.OrderAsync(nodes.Second, $"kill-{n}", 150);
            await EquippedNodes.OrderAsync(nodes.Second, $"kill-{n}", 900);
            if (n == Customers / 2)
                await nodes.KillAsync(0);
        }

        // Six facts of segments and triggers each, one of the stage, some of routing and actions: every seq from 1 on.
        var seqs = new Dictionary<string, long>();
        var done = new HashSet<string>();
        while (done.Count < Customers)
        {
            JsonElement fact = await stream.NextAsync();
            string customer = fact.GetProperty("customer").GetString()!;
            Assert.Equal(seqs.GetValueOrDefault(customer) + 1, fact.GetProperty("seq").GetInt64());
            seqs[customer] = fact.GetProperty("seq").GetInt64();
            if (fact.GetProperty("kind").GetString() == "trigger" && fact.GetProperty("trigger").GetString() == "huge_in")
                done.Add(customer);
        }

        await Until.TrueAsync(() => Task.FromResult(NodeWebhookTests.Triggers(nodes.Subscribers, "/crm").Where(trigger => trigger.Trigger == "huge_in").Select(trigger => trigger.Customer).Distinct().Count() == Customers));
        Receiver.Received[] got = [.. nodes.Subscribers.Got.Where(one => one.Path == "/crm")];
        // Repeats have the same id and the same words; without them each customer's are in order.
        Assert.All(got.GroupBy(one => one.Id), repeats => Assert.Single(repeats.Select(one => one.Body).Distinct()));
        var triggers = got.DistinctBy(one => one.Id).Select(one => JsonDocument.Parse(one.Body).RootElement).GroupBy(body => body.GetProperty("data").GetProperty("customer").GetString());
        Assert.All(triggers, customer => Assert.Equal(["big_in", "huge_in"], customer.Select(body => body.GetProperty("type").GetString())));

        await nodes.StartAsync(0);
        await nodes.ShareAllAsync();
    }
}
