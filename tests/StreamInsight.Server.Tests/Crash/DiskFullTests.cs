using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using StreamInsight.Server.Tests.Setting;
using Xunit.Abstractions;

namespace StreamInsight.Server.Tests.Crash;

/// <summary>A real disk that is really full: a small file system in memory, mounted for the test. Needs root; without it the test says so and ends.</summary>
public sealed class DiskFullTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_full_disk_refuses_events_and_it_goes_on_by_itself_when_there_is_room_with_all_that_was_acknowledged()
    {
        using var folder = new TempFolder();
        string disk = folder.File("disk");
        Directory.CreateDirectory(disk);
        if (await RunAsync("mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", disk) != 0)
        {
            output.WriteLine("Not run: a file system can be mounted by root only.");
            return;
        }
        try
        {
            string[] run = ["run", "--model", folder.File("m.yaml", RunningService.Model), "--data", Path.Combine(disk, "data"), "--http", "127.0.0.1:0"];
            using ServiceProcess service = await ServiceProcess.StartAsync(run);
            using var client = new HttpClient { BaseAddress = service.Url };
            int sent = 0, acknowledged = 0;
            for (int i = 0; i < 50; i++)
                acknowledged += await SendAsync() == HttpStatusCode.OK ? 1 : 0;
            Assert.Equal(50, acknowledged);

            string filler = Path.Combine(disk, "filler");
            await RunAsync("dd", "if=/dev/zero", $"of={filler}", "bs=16k");
            var answers = new List<HttpStatusCode>();
            for (int i = 0; i < 100; i++)
                answers.Add(await SendAsync());
            acknowledged += answers.Count(code => code == HttpStatusCode.OK);
            Assert.Contains(HttpStatusCode.ServiceUnavailable, answers);
            Assert.DoesNotContain(answers, code => code is not (HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable));

            File.Delete(filler);
            long started = Stopwatch.GetTimestamp();
            while (await SendAsync() != HttpStatusCode.OK)
                Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(60), service.Said);
            acknowledged++;
            string metric = $"streaminsight_events_total{{source=\"log\"}} {acknowledged}\n";
            while (!(await client.GetStringAsync("/metrics")).Contains(metric))
                Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(60), "what was acknowledged is applied");
            using JsonDocument ready = JsonDocument.Parse(await client.GetStringAsync("/health/ready"));
            Assert.Equal("ready", ready.RootElement.GetProperty("status").GetString());
            Assert.Equal(0, await service.TerminateAsync());
            (int code, string said) = await ServiceProcess.RunAsync("audit", "--model", folder.File("m.yaml", RunningService.Model), "--data", Path.Combine(disk, "data"));
            Assert.True(code == 0, said);

            async Task<HttpStatusCode> SendAsync()
            {
                using var body = new StringContent(
                    $$"""{"type":"track","event":"Order Completed","userId":"u{{sent++ % 20}}","messageId":"m{{sent}}","properties":{"total":{{sent % 90}},"note":"{{new string('x', 500)}}"} }""", Encoding.UTF8, "application/json");
                using HttpResponseMessage answer = await client.PostAsync("/v1/track", body);
                return answer.StatusCode;
            }
        }
        finally
        {
            await RunAsync("umount", disk);
        }
    }

    private static async Task<int> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            await process.WaitForExitAsync();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }
}
