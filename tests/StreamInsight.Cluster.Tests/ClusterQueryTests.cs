using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace StreamInsight.Cluster.Tests;

/// <summary>What any node tells of the whole cluster.</summary>
public sealed class ClusterQueryTests(EquippedNodes nodes) : IClassFixture<EquippedNodes>
{
    [Fact]
    public async Task Queues_segments_and_journey_are_those_of_all_partitions()
    {
        double[] spends = [.. Enumerable.Range(0, 30).Select(n => 10.0 * (1 + (n / 3)))];
        for (int n = 0; n < spends.Length; n++)
            await EquippedNodes.OrderAsync(n % 2 == 0 ? nodes.First : nodes.Second, $"queue-{n:00}", spends[n]);
        (string, double)[] general = [.. Enumerable.Range(0, 27).Select(n => ($"queue-{n:00}", spends[n])).OrderByDescending(one => one.Item2).ThenBy(one => one.Item1, StringComparer.Ordinal)];
        foreach (HttpClient node in new[] { nodes.First, nodes.Second })
        {
            await Until.TrueAsync(async () => (await EquippedNodes.GetAsync(node, "/v1/queues")).GetRawText()
                == """{"queues":[{"name":"general","customers":27},{"name":"priority","customers":3}]}""");
            Assert.Equal(general, await QueueAsync(node, "general", 100));
            Assert.Equal(general, await QueueAsync(node, "general", 4));
            JsonElement[] segments = [.. (await EquippedNodes.GetAsync(node, "/v1/segments")).GetProperty("segments").EnumerateArray()];
            Assert.Equal([("big", 3L), ("huge", 0L)], segments[..2].Select(segment => (segment.GetProperty("name").GetString()!, segment.GetProperty("members").GetInt64())));
            Assert.Contains("""{"name":"buyer","customers":30}""", await node.GetStringAsync("/v1/journey"));
            Assert.Equal(3, (await EquippedNodes.GetAsync(node, "/v1/segments/big/members")).GetProperty("members").GetArrayLength());
        }

        using HttpResponseMessage told = await nodes.First.PutAsync("/v1/queues/general/state", new StringContent("""{"waiting":4,"service_level":0.5}""", Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, told.StatusCode);
        await Until.TrueAsync(async () => (await EquippedNodes.GetAsync(nodes.Second, "/v1/queues/general")).GetProperty("state") is { ValueKind: JsonValueKind.Object } state && state.GetProperty("waiting").GetDouble() == 4);
    }

    [Fact]
    public async Task The_model_is_told_by_any_node()
    {
        Assert.Equal(await File.ReadAllTextAsync(nodes.ModelPath), await nodes.Second.GetStringAsync("/v1/model"));
    }

    /// <summary>Page by page.</summary>
    private static async Task<List<(string, double)>> QueueAsync(HttpClient node, string queue, int limit)
    {
        var all = new List<(string, double)>();
        for (string? next = ""; next is not null;)
        {
            JsonElement page = await EquippedNodes.GetAsync(node, string.Create(CultureInfo.InvariantCulture, $"/v1/queues/{queue}?limit={limit}&{next}"));
            all.AddRange(page.GetProperty("customers").EnumerateArray().Select(one => (one.GetProperty("customer").GetString()!, one.GetProperty("score").GetDouble())));
            next = page.TryGetProperty("next", out JsonElement more) ? more.GetString() : null;
        }
        return all;
    }
}
