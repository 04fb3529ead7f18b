using System.Net;
using System.Text;
using System.Text.Json;

namespace StreamInsight.Cluster.Tests;

/// <summary>Any node takes events of any customer and answers questions about any.</summary>
public sealed class AnyNodeTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    [Fact]
    public async Task What_one_node_is_told_another_answers()
    {
        foreach (int customer in Enumerable.Range(0, 12))
            await PostAsync(nodes.First, "/v1/track", Order($"told-{customer}", 60));
        foreach (int customer in Enumerable.Range(0, 12))
            await Until.TrueAsync(async () => await OrdersAsync(nodes.Second, $"told-{customer}") == 1 && await OrdersAsync(nodes.First, $"told-{customer}") == 1);
    }

    [Fact]
    public async Task A_batch_of_many_customers_reaches_each()
    {
        string batch = $$"""{"batch":[{{string.Join(",", Enumerable.Range(0, 20).Select(i => Order($"batch-{i}", 10)))}}],"sentAt":"{{DateTimeOffset.UtcNow:O}}"}""";
        await PostAsync(nodes.Second, "/v1/batch", batch);
        foreach (int customer in Enumerable.Range(0, 20))
            await Until.TrueAsync(async () => await OrdersAsync(nodes.First, $"batch-{customer}") == 1);
    }

    [Fact]
    public async Task Visitors_who_sign_in_are_one_customer_on_every_node()
    {
        foreach (int n in Enumerable.Range(0, 8))
        {
            await PostAsync(nodes.First, "/v1/track", Order($"visitor-{n}", 60).Replace("userId", "anonymousId"));
            await PostAsync(nodes.Second, "/v1/track", Order($"signed-{n}", 60));
            await PostAsync(nodes.First, "/v1/identify", $$"""{"userId":"signed-{{n}}","anonymousId":"visitor-{{n}}"}""");
        }
        foreach (int n in Enumerable.Range(0, 8))
        {
            await Until.TrueAsync(async () => await OrdersAsync(nodes.First, $"visitor-{n}") == 2 && await OrdersAsync(nodes.Second, $"signed-{n}") == 2);
            await PostAsync(nodes.Second, "/v1/track", Order($"visitor-{n}", 1).Replace("userId", "anonymousId"));
        }
        foreach (int n in Enumerable.Range(0, 8))
            await Until.TrueAsync(async () => await OrdersAsync(nodes.First, $"signed-{n}") == 3);
        await Until.TrueAsync(async () =>
        {
            string members = await nodes.Second.GetStringAsync("/v1/segments/big/members");
            return Enumerable.Range(0, 8).All(n => members.Contains($"\"signed-{n}\"")) && !members.Contains("visitor-");
        });
        Assert.Contains("\"name\":\"big\"", await nodes.First.GetStringAsync("/v1/segments"));
    }

    [Fact]
    public async Task A_decision_is_made_wherever_it_is_asked_for_and_once()
    {
        await PostAsync(nodes.First, "/v1/track", Order("decider", 10));
        await Until.TrueAsync(async () => await OrdersAsync(nodes.Second, "decider") == 1);
        string asked = """{"customer":"decider","channel":"web","decision":"d-1"}""";
        using HttpResponseMessage one = await nodes.Second.PostAsync("/v1/decide", new StringContent(asked, Encoding.UTF8, "application/json"));
        using HttpResponseMessage other = await nodes.First.PostAsync("/v1/decide", new StringContent(asked, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, one.StatusCode);
        Assert.Equal(await one.Content.ReadAsStringAsync(), await other.Content.ReadAsStringAsync());
        Assert.Contains("thank", await nodes.First.GetStringAsync("/v1/decisions/d-1"));
    }

    [Fact]
    public async Task A_customer_is_erased_with_its_ids_in_all_partitions()
    {
        await PostAsync(nodes.First, "/v1/track", Order("gone-visitor", 60).Replace("userId", "anonymousId"));
        await PostAsync(nodes.First, "/v1/identify", """{"userId":"gone","anonymousId":"gone-visitor"}""");
        await PostAsync(nodes.First, "/v1/track", Order("gone", 60));
        await Until.TrueAsync(async () => await OrdersAsync(nodes.Second, "gone-visitor") == 2);
        string receipt = "";
        await Until.TrueAsync(async () =>
        {
            using HttpResponseMessage answer = await nodes.Second.DeleteAsync("/v1/customers/gone-visitor");
            receipt = await answer.Content.ReadAsStringAsync();
            return answer.StatusCode == HttpStatusCode.OK;
        });
        Assert.Contains("\"status\":\"done\"", receipt);
        Assert.Equal(HttpStatusCode.NotFound, (await nodes.First.GetAsync("/v1/customers/gone")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await nodes.First.GetAsync("/v1/customers/gone-visitor")).StatusCode);
        await PostAsync(nodes.First, "/v1/track", Order("gone-visitor", 60).Replace("userId", "anonymousId"));
        await PostAsync(nodes.First, "/v1/track", Order("after-gone", 60));
        await Until.TrueAsync(async () => await OrdersAsync(nodes.Second, "after-gone") == 1);
        Assert.Equal(HttpStatusCode.NotFound, (await nodes.First.GetAsync("/v1/customers/gone-visitor")).StatusCode);
        using HttpResponseMessage unknown = await nodes.First.DeleteAsync("/v1/customers/nobody");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    private static string Order(string user, int total) => $$"""{"type":"track","event":"Order Completed","userId":"{{user}}","properties":{"total":{{total}} } }""";

    private static async Task PostAsync(HttpClient node, string path, string body)
    {
        using HttpResponseMessage answer = await node.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<int> OrdersAsync(HttpClient node, string id)
    {
        using HttpResponseMessage answer = await node.GetAsync($"/v1/customers/{id}");
        if (!answer.IsSuccessStatusCode)
            return -1;
        using JsonDocument profile = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return profile.RootElement.GetProperty("features").GetProperty("orders").GetInt32();
    }
}
