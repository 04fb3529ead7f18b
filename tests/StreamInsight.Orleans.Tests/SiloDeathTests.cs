using StreamInsight.Orleans.Customers;
using StreamInsight.Orleans.Partitions;
using StreamInsight.Orleans.Tests.Setting;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Tests.Golden;
using StreamInsight.Pipeline.Tests.Hosts;
using StreamInsight.Pipeline.Tests.Setting;

namespace StreamInsight.Orleans.Tests;

/// <summary>Two silos, of which one dies or lets grains go in the middle of a log: the facts are those of a run in which nothing happened.</summary>
public sealed class SiloDeathTests
{
    private static readonly long End = Shop.Noon + GoldenLog.Messages * 864_000L + 864_000_000L;

    private static string[] Log => [.. GoldenLog.Lines(0, GoldenLog.Messages)];

    [Fact]
    public async Task Customers_whose_silo_dies_go_on_elsewhere_and_the_partition_does_not_even_stop()
    {
        await using TestSilos silos = await TestSilos.StartAsync(GoldenLog.Compile(), 2);
        silos.MakeGrainsOn(1);
        CustomerGrainHost? host = null;
        var trial = new HostTrial(silos.Model.Model, (_, store) => host = silos.Customers(store, near: false))
        {
            BeforeRun = async run =>
            {
                if (run != 20)
                    return;
                Assert.Equal(0, host!.Calls.Lost);
                silos.MakeGrainsOn(null);
                await silos.KillAsync(1);
            },
        };
        await trial.ApplyAsync(Log, 13, 4);
        await trial.FireAsync(End);
        Assert.True(host!.Calls.StatesGiven > 0 || host.Calls.Lost > 0, "Nothing was lost: the grains were not where they should have been.");
        Assert.Equal((await ExpectedAsync()).Facts, trial.Facts);
    }

    [Fact]
    public async Task A_partition_whose_silo_dies_stops_with_one_line_and_goes_on_from_what_is_committed()
    {
        await using TestSilos silos = await TestSilos.StartAsync(GoldenLog.Compile(), 2);
        silos.MakeGrainsOn(1);
        var trial = new HostTrial(silos.Model.Model, (_, store) => silos.Partition(store, near: false))
        {
            BeforeRun = async run =>
            {
                if (run != 21)   // not the first after a commit
                    return;
                silos.MakeGrainsOn(null);
                await silos.KillAsync(1);
            },
        };
        var error = await Assert.ThrowsAsync<DependencyUnavailableException>(() => trial.ApplyAsync(Log, 13, 4));
        Assert.DoesNotContain('\n', error.Message);
        trial.BeforeRun = _ => Task.CompletedTask;
        int done = trial.GoBack();
        Assert.InRange(done, 1, 13 * 21);
        await trial.ApplyAsync(Log[done..], 13, 4);
        await trial.FireAsync(End);
        Assert.Equal((await ExpectedAsync()).Facts, trial.Facts);
    }

    [Fact]
    public async Task Customers_that_are_let_go_again_and_again_are_given_their_state_back()
    {
        await using TestSilos silos = await TestSilos.StartAsync(GoldenLog.Compile());
        CustomerGrainHost? host = null;
        var trial = new HostTrial(silos.Model.Model, (_, store) => host = silos.Customers(store))
        {
            BeforeRun = async run =>
            {
                if (run % 3 == 2)   // with changes that are not committed
                    foreach (int user in Enumerable.Range(0, 12))
                        await silos.Cluster.DeactivateAsync(silos.Grains(0).GetGrain<ICustomerGrain>($"u{user}"));
            },
        };
        await trial.ApplyAsync(Log, 13, 4);
        await trial.FireAsync(End);
        Assert.True(host!.Calls.StatesGiven > 50, $"{host.Calls.StatesGiven} states given");
        Assert.Equal(0, host.Calls.Lost);
        Assert.Equal((await ExpectedAsync()).Facts, trial.Facts);
    }

    [Fact]
    public async Task A_partition_that_is_let_go_with_nothing_uncommitted_is_simply_opened_again()
    {
        await using TestSilos silos = await TestSilos.StartAsync(GoldenLog.Compile());
        var trial = new HostTrial(silos.Model.Model, (_, store) => silos.Partition(store))
        {
            BeforeRun = run => run % 4 == 0 && run > 0 ? silos.Cluster.DeactivateAsync(silos.Grains(0).GetGrain<IPartitionGrain>("p")) : Task.CompletedTask,
        };
        await trial.ApplyAsync(Log, 13, 4);
        await trial.FireAsync(End);
        Assert.Equal((await ExpectedAsync()).Facts, trial.Facts);
    }

    [Fact]
    public async Task A_partition_that_is_let_go_with_something_uncommitted_is_noticed()
    {
        await using TestSilos silos = await TestSilos.StartAsync(GoldenLog.Compile());
        var trial = new HostTrial(silos.Model.Model, (_, store) => silos.Partition(store))
        {
            BeforeRun = run => run == 22 ? silos.Cluster.DeactivateAsync(silos.Grains(0).GetGrain<IPartitionGrain>("p")) : Task.CompletedTask,
        };
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => trial.ApplyAsync(Log, 13, 4));
        trial.BeforeRun = _ => Task.CompletedTask;
        await trial.ApplyAsync(Log[trial.GoBack()..], 13, 4);
        await trial.FireAsync(End);
        Assert.Equal((await ExpectedAsync()).Facts, trial.Facts);
    }

    [Fact]
    public async Task A_worker_whose_partition_another_worker_has_opened_is_refused()
    {
        await using TestSilos silos = await TestSilos.StartAsync(GoldenLog.Compile());
        var first = new HostTrial(silos.Model.Model, (_, store) => silos.Partition(store, generation: 1));
        await first.ApplyAsync(Log[..100], 10, 100);
        var facts = new List<Facts.Fact>();
        await first.Host.ProcessAsync(first.Decode(Log[100..110]), facts);
        var second = new HostTrial(silos.Model.Model, (_, store) => silos.Partition(store, generation: 2));
        await second.ApplyAsync(Log[..100], 10, 100);
        await Assert.ThrowsAsync<FencedException>(() => first.Host.TakeChangesAsync().AsTask());
        first.Restart();
        var late = await Assert.ThrowsAsync<FencedException>(() => first.ApplyAsync(Log[110..120]));
        Assert.Contains("later owner", late.Message, StringComparison.Ordinal);
        await second.ApplyAsync(Log[100..], 13, 4);
        await second.FireAsync(End);
        Assert.Equal((await ExpectedAsync()).Facts, second.Facts);
    }

    [Fact]
    public async Task Grains_follow_their_partition_to_the_silo_of_its_next_worker()
    {
        await using TestSilos silos = await TestSilos.StartAsync(GoldenLog.Compile(), 2);
        var partition = new HostTrial(silos.Model.Model, (_, store) => silos.Partition(store, "moving", silo: 1));
        await partition.ApplyAsync(Log[..100]);
        var next = silos.Partition(partition.Store, "moving", silo: 0, generation: 1);
        await next.ReportAsync();
        Assert.True(silos.Holds(0, silos.Grains(0).GetGrain<IPartitionGrain>("moving")));

        var customers = new HostTrial(silos.Model.Model, (_, store) => silos.Customers(store, silo: 1));
        await customers.ApplyAsync(Log[..100]);
        var moved = new HostTrial(silos.Model.Model, (_, store) => silos.Customers(store, silo: 0));
        await moved.ApplyAsync(Log);
        await moved.FireAsync(End);
        Assert.Equal((await ExpectedAsync()).Facts, moved.Facts);
        int here = Enumerable.Range(0, 12).Count(user => silos.Holds(0, silos.Grains(0).GetGrain<ICustomerGrain>($"u{user}")));
        int there = Enumerable.Range(0, 12).Count(user => silos.Holds(1, silos.Grains(0).GetGrain<ICustomerGrain>($"u{user}")));
        Assert.True(here > 0 && there == 0, $"{here} here, {there} there");
    }

    [Fact]
    public async Task A_worker_with_another_model_is_refused_in_one_line()
    {
        await using TestSilos silos = await TestSilos.StartAsync(Shop.Compile());
        var store = new HostTrial(silos.Model.Model, (_, store) => silos.Partition(store)).Store;
        var other = new PartitionGrainHost(silos.Grains(0).GetGrain<IPartitionGrain>("q"), "q", new SiloModel(silos.Model.Model, "shop@2"), 0, store.LoadCounters(), null);
        silos.Stores.Share("q", store);
        var error = await Assert.ThrowsAsync<DependencyUnavailableException>(() => other.ReportAsync().AsTask());
        Assert.Contains("shop@2", error.Message, StringComparison.Ordinal);
        var customers = new HostTrial(silos.Model.Model, (_, store) => new CustomerGrainHost(silos.Grains(0), new SiloModel(silos.Model.Model, "shop@2"), store, null));
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => customers.ApplyAsync([Shop.Order("ann", 1)[..^1] + ",\"timestamp\":\"2026-02-02T12:00:00Z\"}"]));
    }

    private static async Task<HostTrial> ExpectedAsync()
    {
        var measure = new HostTrial(GoldenLog.Compile(), static (model, store) => new LocalCustomerHost(model, store));
        await measure.ApplyAsync(Log, 1, int.MaxValue);
        await measure.FireAsync(End);
        return measure;
    }
}
