using System.Diagnostics;
using StreamInsight.Webhooks.Tests.Setting;
using Xunit.Abstractions;

namespace StreamInsight.Webhooks.Tests;

/// <summary>A receiver that is not ours: the npm package <c>standardwebhooks</c> in Node judges what we post.</summary>
public sealed class NodeReceiverTests(ITestOutputHelper output)
{
    private const string Program = """
        const { Webhook } = require('standardwebhooks');
        const webhook = new Webhook(process.argv[2]);
        const server = require('http').createServer((request, response) => {
          let body = '';
          request.on('data', part => body += part);
          request.on('end', () => {
            try {
              const read = webhook.verify(body, request.headers);
              console.log('verified ' + request.headers['webhook-id'] + ' ' + read.type + ' ' + read.data.customer);
              response.statusCode = 204;
            } catch (error) {
              console.log('refused ' + error.message);
              response.statusCode = 400;
            }
            response.end();
          });
        });
        server.listen(0, '127.0.0.1', () => console.log('port ' + server.address().port));
        """;

    [Theory]
    [InlineData(Bench.Secret)]
    [InlineData("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD " + Bench.Secret)]
    public async Task The_library_of_standard_webhooks_verifies_what_we_post(string secrets)
    {
        if (Peer() is not { } folder)
        {
            output.WriteLine("Skipped: node or the npm package standardwebhooks is not here.");
            return;
        }
        var start = new ProcessStartInfo("node") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardInput = true };
        start.ArgumentList.Add("receiver.js");
        start.ArgumentList.Add(Bench.Secret);
        await File.WriteAllTextAsync(Path.Combine(folder, "receiver.js"), Program);
        using Process node = Process.Start(start)!;
        try
        {
            string port = (await node.StandardOutput.ReadLineAsync())!["port ".Length..];
            await using var bench = new Bench(new Uri($"http://127.0.0.1:{port}/"), options => options with { Attempts = 1 }, secrets);
            await bench.Sink.DeliverAsync([Bench.Trigger(1, "Zoë \" ü"), Bench.Trigger(2, "u2")], default);
            string[] lines = [(await node.StandardOutput.ReadLineAsync())!, (await node.StandardOutput.ReadLineAsync())!];
            Assert.All(lines, line => Assert.StartsWith("verified f", line));
            Assert.Contains("verified f2 save_me u2", lines);
            Assert.Empty(bench.Undelivered);
        }
        finally
        {
            node.Kill();
        }
    }

    /// <summary>A folder with the package, kept in <c>.local</c> beside what `./insight setup` puts there; null = cannot be had.</summary>
    private static string? Peer()
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "StreamInsight.sln")))
            root = root.Parent;
        if (root is null)
            return null;
        string folder = Path.Combine(root.FullName, ".local", "webhooks-peer");
        if (Directory.Exists(Path.Combine(folder, "node_modules", "standardwebhooks")))
            return folder;
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "package.json"), """{"private":true}""");
        try
        {
            var start = new ProcessStartInfo("npm") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (string argument in (string[])["install", "--no-audit", "--no-fund", "standardwebhooks@1.0.0"])
                start.ArgumentList.Add(argument);
            using Process npm = Process.Start(start)!;
            return npm.WaitForExit(60_000) && npm.ExitCode == 0 ? folder : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
