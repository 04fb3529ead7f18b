using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Playwright;
using StreamInsight.Console.Tests.Setting;
using StreamInsight.Kafka;
using StreamInsight.Redis;
using StreamInsight.Server.Cluster;
using StreamInsight.Server.Configuration;
using StreamInsight.Testing;

namespace StreamInsight.Console.Tests;

[Collection(ChromiumCollection.Name)]
public sealed class NodeTests(Chromium chromium)
{
    [ChromiumFact]
    public async Task Every_page_works_on_a_node_of_a_cluster()
    {
        using var redis = new RedisServer("--maxmemory-policy", "noeviction");
        using EmbeddedBroker broker = EmbeddedBroker.Start();
        foreach (string topic in (string[])[KafkaOptions.DefaultEventsTopic, KafkaOptions.DefaultHandoverTopic])
            broker.CreateTopic(topic, 4);
        broker.CreateTopic(KafkaOptions.DefaultDeadTopic, 1);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("streaminsight-console-");
        string model = Path.Combine(folder.FullName, "model.yaml");
        await File.WriteAllTextAsync(model, ShopService.Model);
        var options = new InsightOptions
        {
            ModelPath = model,
            DataFolder = folder.FullName,
            Http = new InsightOptions.HttpOptions { Bind = "127.0.0.1:0" },
            Redis = new RedisOptions { Address = redis.Address },
            Kafka = new InsightOptions.KafkaUse { Options = new KafkaOptions { Servers = broker.Servers, FetchWait = TimeSpan.FromMilliseconds(5) } },
            Cluster = new InsightOptions.ClusterUse { Name = "console" },
        };
        await using (ClusterNode node = await ClusterNode.StartAsync(options, TimeProvider.System, NullLoggerFactory.Instance, default))
        {
            using var client = new HttpClient();
            using var order = new StringContent("""{"event":"Order Completed","userId":"ada","properties":{"total":150}}""");
            (await client.PostAsync(new Uri(node.Url!, "v1/track"), order)).EnsureSuccessStatusCode();

            await using Visit visit = await Visit.OpenAsync(chromium, node.Url!);
            await visit.ShowsAsync(visit.Main, "One node of a cluster");
            await visit.ShowsAsync(visit.Panel("Segments").Locator("[data-segment=big]"), "big1+1");
            await visit.ShowsAsync(visit.Panel("Latest facts"), "ada");
            await visit.ShowsAsync(visit.Panel("Service"), "Partitions: 0, 1, 2, 3");
            await visit.GoAsync("/queues/priority");
            await visit.ShowsAsync(visit.Panel("Call list of priority"), "ada");
            await visit.GoAsync("/segments/big");
            await visit.ShowsAsync(visit.Panel("Newest entries"), "ada");
            await visit.ShowsAsync(visit.Panel("Members"), "ada");
            await visit.GoAsync("/customers/ada");
            await visit.ShowsAsync(visit.Panel("Routing"), "priority");
            await visit.ShowsAsync(visit.Panel("Facts"), "big");
            // A node that is just starting is not ready, and says so.
            Assert.DoesNotContain(visit.Complaints, line => !line.Contains("503", StringComparison.Ordinal));
        }
        folder.Delete(recursive: true);
    }

    [ChromiumFact]
    public async Task What_a_service_does_not_offer_is_said_in_its_place_and_asked_for_once()
    {
        await using ShopService shop = await ShopService.StartAsync();
        await using Visit visit = await Visit.OpenAsync(chromium, shop.Url, "/model");
        // An older service: its own answer to a path that it does not know.
        string unknown = await visit.Page.EvaluateAsync<string>("fetch('v1/nothing').then(answer => answer.text())");
        foreach (string path in (string[])["**/v1/facts/stream?*", "**/v1/queues"])
        {
            await visit.Page.RouteAsync(path, route => route.FulfillAsync(new RouteFulfillOptions { Status = 404, ContentType = "application/problem+json", Body = unknown }));
        }
        await visit.GoAsync("/");
        await visit.ShowsAsync(visit.Panel("Latest facts"), "This service does not offer it.");
        await visit.ShowsAsync(visit.Panel("Segments").Locator("[data-segment=big]"), "big2+2");
        await visit.GoAsync("/queues");
        await visit.ShowsAsync(visit.Main, "This service does not offer it.");
        await visit.GoAsync("/segments/big");
        await visit.ShowsAsync(visit.Panel("Newest entries"), "This service does not offer it.");
        await visit.ShowsAsync(visit.Panel("Members"), "ada");
        // The browser writes every 404 down; nothing is asked for twice, and nothing breaks.
        Assert.All(visit.Complaints, line => Assert.Contains("404", line));
        string[] refused = [.. visit.Complaints.Where(line => line.StartsWith("answer", StringComparison.Ordinal))];
        Assert.Equal(refused.Distinct(), refused);
    }
}
