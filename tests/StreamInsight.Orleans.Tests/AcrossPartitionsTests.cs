using System.Text;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Orleans.Tests.Setting;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Partitions;
using StreamInsight.Pipeline.Tests.Golden;
using StreamInsight.Pipeline.Tests.Hosts;
using StreamInsight.Pipeline.Tests.Stores;

namespace StreamInsight.Orleans.Tests;

/// <summary>Customers spread over three partitions, a grain for each: what one sends to another, and merges that cross, are as with local hosts.</summary>
public sealed class AcrossPartitionsTests
{
    private const int Partitions = 3;

    private static readonly HomePartitions Homes = new(Partitions);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_and_merges_cross_as_they_do_between_local_hosts(bool isFar)
    {
        await using TestSilos silos = await TestSilos.StartAsync(GoldenLog.Compile());
        List<string> expected = await RunAsync((store, place) => new LocalCustomerHost(silos.Model.Model, store, place));
        List<string> told = await RunAsync((store, place) => isFar
            ? silos.FarPartition(store, $"{place.Partition}", place)
            : silos.Partition(store, $"{place.Partition}", place: place));
        Assert.True(expected.Count > 200, $"{expected.Count} lines");
        Assert.Contains(expected, line => line.Contains("\"merged\"", StringComparison.Ordinal));
        Assert.Equal(expected, told);
    }

    /// <summary>Each message comes by any partition; after it, everything that was handed over is delivered, in order.</summary>
    private static async Task<List<string>> RunAsync(Func<IStateStore, PartitionPlace, ICustomerHost> create)
    {
        var stores = new List<MemoryStateStore>();
        var hosts = new List<ICustomerHost>();
        for (int partition = 0; partition < Partitions; partition++)
        {
            stores.Add(new MemoryStateStore(new MemoryStateStore.Disk()));
            hosts.Add(create(stores[partition], new PartitionPlace(partition, Homes)));
        }
        var reader = new RecordReader(GoldenLog.Compile().Events);
        var waiting = new Queue<Handover>();
        var told = new List<string>();
        long offset = 0;
        foreach (string line in GoldenLog.Lines(0, GoldenLog.Messages))
        {
            var run = new MessageRun();
            var message = new CustomerEvent();
            reader.Begin(Encoding.UTF8.GetBytes(line), RecordSource.File);
            Assert.True(reader.Next(message));
            int by = (int)(offset % Partitions);
            run.Add(message, new SourcePosition($"events/{by}", ++offset, -1), message.RecordTimeMs);
            await StepAsync(by, run);
            while (waiting.TryDequeue(out Handover? handover))
            {
                run = new MessageRun();
                run.AddHandover(handover.Body);
                await StepAsync(handover.To, run);
            }
        }
        return told;

        async Task StepAsync(int partition, MessageRun run)
        {
            var facts = new List<Fact>();
            await hosts[partition].ProcessAsync(run, facts);
            var checkpoint = new Checkpoint { Changes = await hosts[partition].TakeChangesAsync() };
            checkpoint.Handovers.AddRange(checkpoint.Changes.Handovers);
            stores[partition].Commit(checkpoint);
            hosts[partition].Trim();
            foreach (Handover handover in checkpoint.Handovers)
                waiting.Enqueue(handover);
            told.AddRange(facts.Select(HostTrial.Line));
            told.AddRange(run.Refused.Select(refused => $"{refused.Position} {refused.Reason} {refused.RecordTimeMs} {Encoding.UTF8.GetString(refused.Message.Span)}"));
        }
    }
}
