using System.Diagnostics;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using StreamInsight.Server.Configuration;
using StreamInsight.Server.Tests.Setting;
using Xunit.Abstractions;

namespace StreamInsight.Server.Tests.Http;

/// <summary>With certificates that openssl makes, and curl as a client that is not ours.</summary>
public sealed class TlsTests(ITestOutputHelper output) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Https_is_served_from_pem_files_and_from_a_pfx_file()
    {
        if (!Certificates.Make(_folder))
        {
            output.WriteLine("Skipped: openssl is not here.");
            return;
        }
        TlsFiles[] files =
        [
            new(_folder.File("server.pem"), _folder.File("server.key"), null, null),
            new(_folder.File("server.pem"), _folder.File("locked.key"), null, "geheim"),
            new(null, null, _folder.File("server.pfx"), "geheim"),
        ];
        foreach (TlsFiles tls in files)
        {
            await using RunningService running = await RunningService.StartAsync(options => options with { Http = options.Http with { Tls = tls } });
            Assert.Equal("https", running.Service.Url!.Scheme);
            Assert.Equal("live\n", await CurlAsync("--cacert", _folder.File("ca.pem"), $"https://localhost:{running.Service.Url.Port}/health/live"));
            Assert.Equal(HttpStatusCode.OK, (await running.PostAsync("/v1/track", """{"event":"x","userId":"u1"}""")).StatusCode);
            // Unencrypted, and by a protocol that is too old: no answer.
            Assert.Equal("", await CurlAsync($"http://localhost:{running.Service.Url.Port}/health/live"));
            Assert.Equal("", await CurlAsync("--cacert", _folder.File("ca.pem"), "--tls-max", "1.1", $"https://localhost:{running.Service.Url.Port}/health/live"));
        }
    }

    [Fact]
    public async Task Files_that_cannot_be_used_are_one_clear_line_without_the_password()
    {
        if (!Certificates.Make(_folder))
            return;
        foreach (TlsFiles tls in (TlsFiles[])
                 [
                     new(_folder.File("server.pem"), _folder.File("nothing.key"), null, null),
                     new(_folder.File("server.pem"), _folder.File("locked.key"), null, "falsch-PASS"),
                     new(null, null, _folder.File("server.pfx"), "falsch-PASS"),
                     new(_folder.File("server.pem"), _folder.File("ca.key"), null, null),
                 ])
        {
            var wrong = await Assert.ThrowsAsync<WrongInputException>(() => RunningService.StartAsync(options => options with { Http = options.Http with { Tls = tls } }));
            Assert.StartsWith("http.tls: ", Assert.Single(wrong.Faults));
            Assert.DoesNotContain("falsch-PASS", wrong.Message);
        }
    }

    private static async Task<string> CurlAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("curl") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])["-s", "--max-time", "10", "--resolve", "localhost:0:127.0.0.1", .. arguments])
            start.ArgumentList.Add(argument);
        using Process curl = Process.Start(start)!;
        return await curl.StandardOutput.ReadToEndAsync();
    }
}
