using StreamInsight.Deploy.Tests.Setting;
using StreamInsight.Server;
using StreamInsight.Server.Commands;

namespace StreamInsight.Deploy.Tests.Generate;

public sealed class HealthCommandTests
{
    [Fact]
    public async Task It_tells_a_running_service_from_none()
    {
        Uri url;
        await using (OneService service = await OneService.StartAsync())
        {
            url = service.Url;
            Assert.Contains("\"status\":\"ready\"", await Cli.RunAsync("health", "--url", url.ToString()));
            Assert.Contains("live", await Cli.RunAsync("health", "--live", "--url", url.ToString()));
        }
        Assert.Contains("No service answers at", await Cli.RunAsync(ExitCode.WrongInput, "health", "--url", url.ToString()));
    }

    [Theory]
    [InlineData(null, "http://127.0.0.1:8080/")]
    [InlineData("0.0.0.0:9000", "http://127.0.0.1:9000/")]
    [InlineData("*:80", "http://127.0.0.1/")]
    [InlineData("none", "http://127.0.0.1:8080/")]
    public void It_finds_the_service_where_it_was_told_to_listen(string? bind, string url) => Assert.Equal(url, HealthCommand.Local(bind).ToString());
}
