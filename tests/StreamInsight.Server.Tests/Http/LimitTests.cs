using System.Net;
using System.Net.Sockets;
using System.Text;
using StreamInsight.Server.Configuration;
using StreamInsight.Server.Tests.Setting;

namespace StreamInsight.Server.Tests.Http;

public sealed class LimitTests
{
    private const string Message = """{"event":"x","userId":"u1"}""";

    [Fact]
    public async Task A_key_that_comes_too_often_is_asked_to_wait_and_others_are_not()
    {
        (string fast, ApiKey limited) = ApiKey.New(KeyRole.Write);
        (string free, ApiKey unlimited) = ApiKey.New(KeyRole.Write);
        await using RunningService running = await RunningService.StartAsync(options => options with
        {
            Http = options.Http with { Keys = [limited, unlimited with { Rate = 0 }], Rate = 1, Burst = 3 },
        });
        var answers = new List<HttpStatusCode>();
        for (int i = 0; i < 8; i++)
        {
            using HttpResponseMessage answer = await running.PostAsync("/v1/track", Message, key: fast);
            answers.Add(answer.StatusCode);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                Assert.True(answer.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
                Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            }
        }
        Assert.Equal(HttpStatusCode.OK, answers[2]);
        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
        Assert.Equal(HttpStatusCode.OK, (await running.PostAsync("/v1/track", Message, key: free)).StatusCode);
    }

    [Fact]
    public async Task A_body_that_does_not_come_is_not_waited_for()
    {
        await using RunningService running = await RunningService.StartAsync(options => options with { Http = options.Http with { RequestTimeout = TimeSpan.FromMilliseconds(500) } });
        using var client = new TcpClient("127.0.0.1", running.Service.Url!.Port);
        await client.GetStream().WriteAsync("POST /v1/track HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"u8.ToArray());
        using var reader = new StreamReader(client.GetStream());
        string status = (await reader.ReadLineAsync())!;
        Assert.Contains(" 408 ", status);
    }

    [Fact]
    public async Task Headers_that_are_too_large_are_refused()
    {
        await using RunningService running = await RunningService.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/segments");
        request.Headers.Add("X-Much", new string('x', 40_000));
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, (await running.Client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Only_so_many_connections_are_served()
    {
        await using RunningService running = await RunningService.StartAsync(options => options with { Http = options.Http with { MaxConnections = 2 } });
        var open = new List<TcpClient>();
        int served = 0;
        for (int i = 0; i < 4; i++)
        {
            var client = new TcpClient("127.0.0.1", running.Service.Url!.Port) { ReceiveTimeout = 5000 };
            open.Add(client);
            try
            {
                client.GetStream().Write(Encoding.ASCII.GetBytes("GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"));
                served += client.GetStream().Read(new byte[100]) > 0 ? 1 : 0;
            }
            catch (IOException)
            {
                // closed
            }
        }
        Assert.Equal(2, served);
        open.ForEach(client => client.Dispose());
    }
}
