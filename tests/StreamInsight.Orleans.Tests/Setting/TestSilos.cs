using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.TestingHost;
using StreamInsight.Orleans.Customers;
using StreamInsight.Orleans.Partitions;
using StreamInsight.Orleans.Silo;
using StreamInsight.Pipeline;

namespace StreamInsight.Orleans.Tests.Setting;

/// <summary>A cluster of silos in this process, for one model. What they say to each other is serialized; what one says to itself is not.</summary>
public sealed class TestSilos : IAsyncDisposable
{
    private readonly InProcessTestCluster _cluster;

    private TestSilos(InProcessTestCluster cluster, SiloModel model, PartitionStores stores)
    {
        _cluster = cluster;
        Model = model;
        Stores = stores;
    }

    public SiloModel Model { get; }

    public PartitionStores Stores { get; }

    public InProcessTestCluster Cluster => _cluster;

    public static async Task<TestSilos> StartAsync(CompiledModel model, short silos = 1)
    {
        var siloModel = new SiloModel(model);
        var stores = new PartitionStores();
        var builder = new InProcessTestClusterBuilder(silos);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddInsightGrains(siloModel, stores);
            silo.Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = TimeSpan.FromMilliseconds(500);
                membership.NumMissedProbesLimit = 2;
                membership.NumVotesForDeathDeclaration = 1;
            });
            silo.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = TimeSpan.FromSeconds(10));
        });
        InProcessTestCluster cluster = builder.Build();
        await cluster.DeployAsync();
        return new TestSilos(cluster, siloModel, stores);
    }

    public IGrainFactory Grains(int silo) => _cluster.Silos[silo].ServiceProvider.GetRequiredService<IGrainFactory>();

    public SiloAddress Address(int silo) => _cluster.Silos[silo].SiloAddress;

    /// <summary>A partition's grain, asked for from a silo.</summary>
    /// <param name="near">The grain comes to the silo that asks.</param>
    public PartitionGrainHost Partition(IStateStore store, string partition = "p", int silo = 0, bool near = true, long generation = 0)
    {
        Stores.Share(partition, store);
        return new PartitionGrainHost(Grains(silo).GetGrain<IPartitionGrain>(partition), partition, Model, generation, store.LoadCounters(), near ? Address(silo) : null);
    }

    public CustomerGrainHost Customers(IStateStore store, int silo = 0, bool near = true) => new(Grains(silo), Model, store, near ? Address(silo) : null);

    public async ValueTask DisposeAsync()
    {
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }
}
