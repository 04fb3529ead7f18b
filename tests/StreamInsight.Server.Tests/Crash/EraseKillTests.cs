using System.Text;
using StreamInsight.Server.Tests.Setting;
using StreamInsight.Testing;

namespace StreamInsight.Server.Tests.Crash;

/// <summary>An erasure that was begun is completed, wherever in it the service is killed.</summary>
public sealed class EraseKillTests
{
    [Fact]
    public async Task An_erasure_cut_off_by_a_kill_is_complete_after_the_next_start()
    {
        using var folder = new TempFolder();
        using var redis = new RedisServer();
        string model = folder.File("m.yaml", RunningService.Model), data = folder.File("data");
        string[] run = ["run", "--model", model, "--data", data, "--http", "127.0.0.1:0", "--redis", redis.Address];
        using var client = new HttpClient();
        var moments = new Random(7);
        for (int round = 0; round < 3; round++)
        {
            using ServiceProcess service = await ServiceProcess.StartAsync(run);
            string id = $"person-{round}";
            for (int i = 0; i < 3; i++)
                await PostAsync(new Uri(service.Url, "/v1/track"), $$"""{"type":"track","event":"Order Completed","userId":"{{id}}","properties":{"total":200} }""");
            Task<HttpResponseMessage> order = client.DeleteAsync(new Uri(service.Url, $"/v1/customers/{id}"));
            await Task.Delay(moments.Next(0, 40));
            await service.KillAsync();
            await order.ContinueWith(static answer => answer.Exception, TaskScheduler.Default);
        }
        using (ServiceProcess service = await ServiceProcess.StartAsync(run))
        {
            // Those that were killed before the order was durable are ordered again, as a client would; the others complete by themselves.
            for (int round = 0; round < 3; round++)
                (await client.DeleteAsync(new Uri(service.Url, $"/v1/customers/person-{round}"))).EnsureSuccessStatusCode();
            for (int i = 0; i < 1000 && redis.Keys().Except(["si:store"]).Any(); i++)
                await Task.Delay(10);
            Assert.Empty(redis.Keys().Except(["si:t:big_in", "si:store"]));
            Assert.Empty(redis.Stream("si:t:big_in"));
            await PostAsync(new Uri(service.Url, "/v1/track"), """{"type":"track","event":"Order Completed","userId":"person-0"}""");
            Assert.Equal(0, await service.TerminateAsync());
        }

        async Task PostAsync(Uri url, string body)
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            (await client.PostAsync(url, content)).EnsureSuccessStatusCode();
        }
    }
}
