using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using Orleans.TestingHost;
using StreamInsight.Orleans.Customers;
using StreamInsight.Orleans.Partitions;
using StreamInsight.Orleans.Silo;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Partitions;

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
    public PartitionGrainHost Partition(IStateStore store, string partition = "p", int silo = 0, bool near = true, long generation = 0, PartitionPlace? place = null)
    {
        Stores.Share(partition, store);
        return new PartitionGrainHost(Grains(silo).GetGrain<IPartitionGrain>(partition), partition, Model, generation, store.LoadCounters(), near ? Address(silo) : null, place);
    }

    /// <summary>As if the worker had no silo: every call crosses from one process to another, as far as Orleans can tell, and is serialized.</summary>
    public PartitionGrainHost FarPartition(IStateStore store, string partition = "p", PartitionPlace? place = null)
    {
        Stores.Share(partition, store);
        return new PartitionGrainHost(_cluster.Client.GetGrain<IPartitionGrain>(partition), partition, Model, 0, store.LoadCounters(), null, place);
    }

    public CustomerGrainHost FarCustomers(IStateStore store) => new(_cluster.Client, Model, store, null);

    /// <summary>Grains that are made by calls of this test from now on are made on this silo; null = where they usually are.</summary>
    public void MakeGrainsOn(int? silo)
    {
        if (silo is { } index)
            RequestContext.Set(IPlacementDirector.PlacementHintKey, Address(index));
        else
            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
    }

    /// <summary>A silo has an activation of the grain.</summary>
    public bool Holds(int silo, IAddressable grain) =>
        _cluster.TryGetGrainContext(grain.GetGrainId(), out IGrainContext? context)
        && context.Address.SiloAddress!.Equals(Address(silo));

    /// <summary>From one moment to the next: nothing is handed over, nobody is told.</summary>
    public Task KillAsync(int silo) => _cluster.KillSiloAsync(_cluster.Silos[silo]);

    public CustomerGrainHost Customers(IStateStore store, int silo = 0, bool near = true) => new(Grains(silo), Model, store, near ? Address(silo) : null);

    public async ValueTask DisposeAsync()
    {
        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
    }
}
