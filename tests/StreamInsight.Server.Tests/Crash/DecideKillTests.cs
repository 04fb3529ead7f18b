using System.Net;
using System.Text;
using System.Text.Json;
using StreamInsight.Server.Tests.Http;
using StreamInsight.Server.Tests.Setting;

namespace StreamInsight.Server.Tests.Crash;

/// <summary>The service is killed while a customer is decided on by many at once: what was reserved stays reserved, and never more than the cap.</summary>
public sealed class DecideKillTests
{
    [Fact]
    public async Task Reservations_survive_kills_and_never_exceed_the_cap()
    {
        using var folder = new TempFolder();
        string[] run = ["run", "--model", folder.File("m.yaml", DecideTests.Model), "--data", folder.File("data"), "--http", "127.0.0.1:0"];
        var random = new Random(3);
        var told = new Dictionary<string, bool>();
        for (int round = 0; round < 3; round++)
        {
            using ServiceProcess service = await ServiceProcess.StartAsync(run);
            using var client = new HttpClient { BaseAddress = service.Url };
            var asking = Enumerable.Range(0, 200).Select(i => AskAsync(client, $"d-{round}-{i}")).ToArray();
            await Task.WhenAny(Task.WhenAll(asking), Task.Delay(random.Next(20, 150)));
            await service.KillAsync();
            foreach ((string id, bool? reserved) in await Task.WhenAll(asking))
            {
                if (reserved is { } known)
                    told[id] = known;
            }
        }

        using ServiceProcess last = await ServiceProcess.StartAsync(run);
        using var reader = new HttpClient { BaseAddress = last.Url };
        for (int i = 0; i < 10; i++)
        {
            (string id, bool? reserved) = await AskAsync(reader, $"d-last-{i}");
            told[id] = Assert.NotNull(reserved);
        }
        var kept = new Dictionary<string, bool>();
        foreach (string id in Enumerable.Range(0, 3).SelectMany(round => Enumerable.Range(0, 200).Select(i => $"d-{round}-{i}")).Concat(Enumerable.Range(0, 10).Select(i => $"d-last-{i}")))
        {
            using HttpResponseMessage record = await reader.GetAsync($"/v1/decisions/{id}");
            if (record.StatusCode == HttpStatusCode.OK)
                kept[id] = IsReserved(await record.Content.ReadAsStringAsync());
        }

        Assert.Equal(3, kept.Values.Count(reserved => reserved));
        foreach ((string id, bool reserved) in told)
            Assert.Equal(reserved, kept[id]);
    }

    private static async Task<(string Id, bool? IsReserved)> AskAsync(HttpClient client, string id)
    {
        try
        {
            using var body = new StringContent($$"""{"customer":"ada","channel":"voice","decision":"{{id}}"}""", Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await client.PostAsync("/v1/decide", body);
            return (id, answer.StatusCode == HttpStatusCode.OK ? IsReserved(await answer.Content.ReadAsStringAsync()) : null);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or TaskCanceledException)
        {
            return (id, null); // killed
        }
    }

    private static bool IsReserved(string json) => JsonDocument.Parse(json).RootElement.GetProperty("reserved").ValueKind == JsonValueKind.String;
}
