using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using global::Orleans.Configuration;
using global::Orleans.Hosting;
using StackExchange.Redis;
using StreamInsight.Orleans.Customers;
using StreamInsight.Orleans.Partitions;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Partitions;

namespace StreamInsight.Orleans.Silo;

/// <summary>The silo in this process, and the hosts of the partitions whose workers are in this process.</summary>
public sealed class InsightSilo : ICustomerHosts
{
    private readonly IHost _host;
    private readonly SiloOptions _options;
    private readonly SiloModel _model;
    private readonly PartitionStores _stores;
    private readonly IGrainFactory _grains;
    private readonly ConcurrentDictionary<string, PartitionGrainHost> _partitions = new(StringComparer.Ordinal);

    private InsightSilo(IHost host, SiloOptions options, SiloModel model, PartitionStores stores)
    {
        _host = host;
        _options = options;
        _model = model;
        _stores = stores;
        _grains = host.Services.GetRequiredService<IGrainFactory>();
        Address = host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
    }

    /// <summary>Where the figures of Orleans itself are (<see cref="System.Diagnostics.Metrics.Meter"/>); null = this build has none.</summary>
    public static string? MeterName => "Microsoft.Orleans";

    public SiloAddress Address { get; }

    internal IGrainFactory Grains => _grains;

    /// <summary>Which grains each silo has, as far as this one has been told: only there can they be placed.</summary>
    internal IClusterManifestProvider Manifest => _host.Services.GetRequiredService<IClusterManifestProvider>();

    /// <summary>
    /// Starts the silo, so that it is one of its cluster on return. Throws <see cref="DependencyUnavailableException"/> with one clear line, and leaves nothing running,
    /// when it cannot be.
    /// </summary>
    /// <param name="openRead">Opens, for reading, the store of a partition that another process writes; null = that cannot be done.</param>
    public static async Task<ICustomerHosts> StartAsync(
        SiloOptions options, CompiledModel model, Func<string, IStateStore>? openRead, ILoggerFactory logs, CancellationToken cancel = default)
    {
        if (options.Grain == GrainKind.Customer && CustomerGrainHost.Refuse(model) is { } refusal)
            throw new DependencyUnavailableException(refusal);
        var stores = new PartitionStores(openRead);
        var siloModel = new SiloModel(model);
        ConfigurationOptions? redis = options.Redis is null ? null : await ReachAsync(options);
        IHost? host = null;
        try
        {
            host = Build(options, redis, siloModel, stores, logs);
            await host.StartAsync(cancel);
            return new InsightSilo(host, options, siloModel, stores);
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            if (host is not null)
                await StopQuietlyAsync(host);
            throw new DependencyUnavailableException($"The silo cannot start: {Innermost(error).Message} Is port {options.SiloPort} free, and can the address it advertises be reached?", error);
        }
    }

    public ICustomerHost Create(CompiledModel model, IStateStore store, string partition, PartitionPlace? place = null, long generation = 0)
    {
        if (!ReferenceEquals(model, _model.Model))
            throw new ArgumentException("A silo runs one model, the one it was started with.", nameof(model));
        if (_options.Grain == GrainKind.Customer && place is not null)
            throw new DependencyUnavailableException("Grains of one customer each are for one partition; where customers are spread over several, say orleans: { grain: partition }.");
        if (_options.Grain == GrainKind.Customer)
            return new CustomerGrainHost(_grains, _model, store, Address);
        _stores.Share(partition, store);
        return _partitions[partition] = new PartitionGrainHost(_grains.GetGrain<IPartitionGrain>(partition), partition, _model, generation, store.LoadCounters(), Address, place);
    }

    public async ValueTask ReleaseAsync(string partition)
    {
        if (_partitions.TryRemove(partition, out PartitionGrainHost? host))
            await host.CloseAsync();
        _stores.Forget(partition);
    }

    /// <summary>Leaves the cluster. Stop the workers first.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (string partition in _partitions.Keys)
            await ReleaseAsync(partition);
        await StopQuietlyAsync(_host);
    }

    private static IHost Build(SiloOptions options, ConfigurationOptions? redis, SiloModel model, PartitionStores stores, ILoggerFactory logs)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning).AddFilter("Orleans.Runtime.Silo", LogLevel.Error).AddProvider(new SiloLog(logs));
        builder.UseOrleans(silo =>
        {
            silo.AddInsightGrains(model, stores);
            silo.Configure<ClusterOptions>(cluster =>
            {
                cluster.ClusterId = options.Cluster;
                cluster.ServiceId = options.Service;
            });
            // A node that died is noticed within some ten seconds.
            silo.Configure<ClusterMembershipOptions>(membership => membership.ProbeTimeout = TimeSpan.FromSeconds(2));
            silo.Configure<GrainCollectionOptions>(grains =>
            {
                grains.CollectionAge = options.IdleAfter;
                grains.CollectionQuantum = TimeSpan.FromTicks(Math.Min(options.IdleAfter.Ticks / 2, TimeSpan.FromMinutes(1).Ticks));
            });
            if (redis is not null)
            {
                silo.UseRedisClustering(clustering => clustering.ConfigurationOptions = redis);
                if (options.Advertised is { } advertised)
                    silo.ConfigureEndpoints(advertised, options.SiloPort, options.GatewayPort, listenOnAnyHostAddress: true);
                else
                    silo.ConfigureEndpoints(options.SiloPort, options.GatewayPort);
            }
            else
            {
                int port = options.SiloPort == 0 ? FreePort() : options.SiloPort;
                silo.UseLocalhostClustering(port, options.GatewayPort, new IPEndPoint(IPAddress.Loopback, port), options.Service, options.Cluster);
            }
        });
        return builder.Build();
    }

    /// <summary>Before anything is started: a silo that cannot ask who the others are must not run.</summary>
    private static async Task<ConfigurationOptions> ReachAsync(SiloOptions options)
    {
        ConfigurationOptions redis;
        try
        {
            redis = Parse(options.Redis!);
        }
        catch (ArgumentException error)
        {
            throw new DependencyUnavailableException($"orleans.redis is no address of a Redis: {error.Message}", error);
        }
        redis.Password = options.RedisPassword ?? redis.Password;
        redis.AbortOnConnectFail = true;
        redis.ConnectTimeout = (int)options.Patience.TotalMilliseconds;
        string where = string.Join(", ", redis.EndPoints.Select(point => point is DnsEndPoint name ? $"{name.Host}:{name.Port}" : point.ToString()));
        try
        {
            await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(redis).WaitAsync(options.Patience + TimeSpan.FromSeconds(1));
            await connection.GetDatabase().PingAsync();
        }
        catch (Exception error) when (error is RedisException or TimeoutException)
        {
            throw new DependencyUnavailableException($"The silo cannot reach Redis at {where}, where silos find each other (orleans.redis). Is it running, and is its password right? Nothing was started.", error);
        }
        redis.AbortOnConnectFail = false;   // once it runs, Redis may be away for a while
        return redis;
    }

    /// <summary>StackExchange.Redis's own form, or a URL: <c>redis://user:password@host:port</c>, <c>rediss://</c> for TLS.</summary>
    private static ConfigurationOptions Parse(string address)
    {
        if (!address.Contains("://", StringComparison.Ordinal))
            return ConfigurationOptions.Parse(address);
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? url) || url.Scheme is not ("redis" or "rediss"))
            throw new ArgumentException("a URL begins with redis:// or rediss://");
        string[] login = url.UserInfo.Split(':', 2);
        return new ConfigurationOptions
        {
            EndPoints = { { url.Host, url.Port < 0 ? 6379 : url.Port } },
            Ssl = url.Scheme == "rediss",
            User = login[0].Length == 0 ? null : Uri.UnescapeDataString(login[0]),
            Password = login.Length < 2 ? null : Uri.UnescapeDataString(login[1]),
        };
    }

    private static async Task StopQuietlyAsync(IHost host)
    {
        try
        {
            await host.StopAsync();
        }
        catch (Exception error) when (error is OrleansException or OperationCanceledException or TimeoutException or AggregateException or RedisException or InvalidOperationException)
        {
            // It is going anyway; the others notice by themselves.
        }
        if (host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
        else
            host.Dispose();
    }

    private static Exception Innermost(Exception error)
    {
        while (error.InnerException is { } inner)
            error = inner;
        return error;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
