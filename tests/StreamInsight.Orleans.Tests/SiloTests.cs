using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using StreamInsight.Orleans.Customers;
using StreamInsight.Orleans.Silo;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Tests.Golden;
using StreamInsight.Pipeline.Tests.Hosts;
using StreamInsight.Pipeline.Tests.Setting;
using StreamInsight.Pipeline.Tests.Stores;
using StreamInsight.Testing;

namespace StreamInsight.Orleans.Tests;

/// <summary>The silo as the service starts it.</summary>
public sealed class SiloTests
{
    [Theory]
    [InlineData("127.0.0.1:{0},password=secret")]
    [InlineData("redis://someone:secret@127.0.0.1:{0}")]
    public async Task A_silo_that_cannot_reach_Redis_says_so_in_one_line_and_starts_nothing(string address)
    {
        int port = FreePort();
        var options = new SiloOptions { Redis = string.Format(CultureInfo.InvariantCulture, address, FreePort()), SiloPort = port, Patience = TimeSpan.FromMilliseconds(500) };
        var error = await Assert.ThrowsAsync<DependencyUnavailableException>(() => InsightSilo.StartAsync(options, Shop.Compile(), null, NullLoggerFactory.Instance));
        Assert.Contains("cannot reach Redis at 127.0.0.1:", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        using var free = new TcpListener(IPAddress.Loopback, port);
        free.Start();
    }

    [Fact]
    public async Task A_silo_whose_port_is_taken_says_so_in_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var error = await Assert.ThrowsAsync<DependencyUnavailableException>(() => InsightSilo.StartAsync(new SiloOptions { SiloPort = port }, Shop.Compile(), null, NullLoggerFactory.Instance));
        Assert.Contains($"port {port}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Customers_that_share_what_they_learn_cannot_have_a_grain_each()
    {
        CompiledModel model = Shop.Compile(Shop.Yaml + "\nqueues:\n  care: { target: 0.8 }\n");
        var error = await Assert.ThrowsAsync<DependencyUnavailableException>(
            () => InsightSilo.StartAsync(new SiloOptions { Grain = GrainKind.Customer, SiloPort = 0 }, model, null, NullLoggerFactory.Instance));
        Assert.Contains("grain: partition", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_alone_serves_partitions_and_lets_them_go()
    {
        CompiledModel model = GoldenLog.Compile();
        await using ICustomerHosts silo = await InsightSilo.StartAsync(new SiloOptions { SiloPort = 0 }, model, null, NullLoggerFactory.Instance);
        var trial = new HostTrial(model, (model, store) => silo.Create(model, store, "p"));
        await trial.ApplyAsync(GoldenLog.Lines(0, 100));
        await silo.ReleaseAsync("p");
        trial.Restart();
        await trial.ApplyAsync(GoldenLog.Lines(100, 200));
        Assert.NotEmpty(trial.Facts);
    }

    /// <summary>The silo of this test, and that of a program started for it, find each other by Redis; the customers live in the program, which is killed.</summary>
    [Fact]
    public async Task A_process_that_is_killed_takes_nothing_with_it()
    {
        CompiledModel model = GoldenLog.Compile();
        using var redis = new RedisServer();
        using var folder = new TempFolder();
        int port = FreePort();
        var options = new SiloOptions { Grain = GrainKind.Customer, Redis = redis.Address, Advertised = IPAddress.Loopback, SiloPort = port, Cluster = "two" };
        await using var silo = (InsightSilo)await InsightSilo.StartAsync(options, model, null, NullLoggerFactory.Instance);
        using Process other = StartProgram(folder.Path, redis.Address);
        try
        {
            IManagementGrain management = silo.Grains.GetGrain<IManagementGrain>(0);
            SiloAddress? there = null;
            await Eventually.HoldsAsync(() => (there = management.GetHosts(true).Result.Keys.FirstOrDefault(address => !address.Equals(silo.Address))) is not null, "two silos");
            await Eventually.HoldsAsync(() => silo.Manifest.Current.Silos.ContainsKey(there!), "what grains the other silo has is known");
            RequestContext.Set(IPlacementDirector.PlacementHintKey, there!);
            CustomerGrainHost? host = null;
            var trial = new HostTrial(model, (_, store) => host = new CustomerGrainHost(silo.Grains, new SiloModel(model), store, null))
            {
                BeforeRun = run =>
                {
                    if (run != 20)
                        return Task.CompletedTask;
                    Assert.Equal(0, host!.Calls.Lost);
                    RequestContext.Remove(IPlacementDirector.PlacementHintKey);
                    other.Kill();
                    return other.WaitForExitAsync();
                },
            };
            string[] log = [.. GoldenLog.Lines(0, GoldenLog.Messages)];
            await trial.ApplyAsync(log, 13, 4);
            Assert.True(host!.Calls.Lost > 0, "Nothing was lost: the customers were not in the program.");
            var expected = new HostTrial(model, static (model, store) => new LocalCustomerHost(model, store));
            await expected.ApplyAsync(log, 1, int.MaxValue);
            Assert.Equal(expected.Facts, trial.Facts);
        }
        finally
        {
            if (!other.HasExited)
                other.Kill();
        }
    }

    private static Process StartProgram(string folder, string redis)
    {
        File.WriteAllText(Path.Combine(folder, "golden.yaml"), GoldenLog.Model);
        File.WriteAllText(Path.Combine(folder, "insight.yaml"), $"""
            model: golden.yaml
            http: {"{"} bind: none {"}"}
            host: orleans
            orleans: {"{"} grain: customer, redis: "{redis}", cluster: two, advertise: 127.0.0.1, port: {FreePort()} {"}"}
            """);
        string program = Path.Combine(AppContext.BaseDirectory, "streaminsight.dll");
        return Process.Start(new ProcessStartInfo("dotnet", [program, "run", "--config", Path.Combine(folder, "insight.yaml")]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
