using System.Net;
using System.Text;
using System.Text.Json;

namespace StreamInsight.Cluster.Tests;

/// <summary>A cluster whose Redis dies and comes back.</summary>
public sealed class RedisAwayTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    [Fact]
    public async Task What_came_while_Redis_was_dead_is_applied_when_it_is_back_and_once()
    {
        await SendAsync(0, 30);
        await Until.TrueAsync(async () => await OrdersAsync() == 30);
        nodes.Server.Kill();
        await SendAsync(30, 60);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await nodes.First.GetAsync("/v1/customers/away-1")).StatusCode);
        await Until.TrueAsync(async () => (await nodes.First.GetAsync("/health/ready")).StatusCode == HttpStatusCode.ServiceUnavailable);
        nodes.Server.Restart();
        await Until.TrueAsync(async () => await OrdersAsync() == 60);
        await SendAsync(60, 90);
        await Until.TrueAsync(async () => await OrdersAsync() == 90);
        await Until.TrueAsync(async () => (await nodes.First.GetAsync("/health/ready")).IsSuccessStatusCode && (await nodes.Second.GetAsync("/health/ready")).IsSuccessStatusCode);
    }

    private async Task SendAsync(int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            HttpClient node = i % 2 == 0 ? nodes.First : nodes.Second;
            string order = $$"""{"type":"track","event":"Order Completed","userId":"away-{{i % 10}}","messageId":"m{{i}}","properties":{"total":1} }""";
            using HttpResponseMessage answer = await node.PostAsync("/v1/track", new StringContent(order, Encoding.UTF8, "application/json"));
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }
    }

    /// <summary>Of all customers together; -1 = not all can be asked.</summary>
    private async Task<int> OrdersAsync()
    {
        int all = 0;
        for (int customer = 0; customer < 10; customer++)
        {
            using HttpResponseMessage answer = await nodes.Second.GetAsync($"/v1/customers/away-{customer}");
            if (!answer.IsSuccessStatusCode)
                return -1;
            using JsonDocument profile = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            all += profile.RootElement.GetProperty("features").GetProperty("orders").GetInt32();
        }
        return all;
    }
}
