using System.Collections.Concurrent;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Partitions;

namespace StreamInsight.Kafka;

/// <summary>A node's partitions as the pipeline has them: every source is read and committed to the store until the partition goes. Keeps a diary of the calls.</summary>
internal sealed class TestOwner(FencedStore store) : IPartitionOwner
{
    private readonly ConcurrentDictionary<int, Reading> _readings = new();
    private readonly ConcurrentDictionary<int, bool> _calls = new();

    /// <summary><c>take 3</c>, <c>release 3</c>, <c>lose 3</c>, each when it was done.</summary>
    public ConcurrentQueue<string> Diary { get; } = new();

    /// <summary>Asked before a partition is taken; may wait or throw.</summary>
    public Func<int, CancellationToken, Task> BeforeTake { get; set; } = (_, _) => Task.CompletedTask;

    public Func<int, Task> BeforeRelease { get; set; } = _ => Task.CompletedTask;

    /// <summary>Partitions that are taken and then not read.</summary>
    public Func<int, bool> Leaves { get; set; } = _ => false;

    public ICollection<int> Has => _readings.Keys;

    public IReadOnlyList<IEventSource> Sources(int partition) => _readings[partition].Sources;

    public async Task TakeAsync(int partition, IReadOnlyList<IEventSource> sources, CancellationToken cancel)
    {
        await OneAtATime(partition, async () =>
        {
            await BeforeTake(partition, cancel);
            var (generation, applied) = store.Open(partition);
            foreach (var source in sources)
                await source.StartAsync(applied, cancel);
            var reading = new Reading(sources);
            if (!Leaves(partition))
                reading.Loops = [.. sources.Select(source => Task.Run(() => ReadAsync(partition, generation, source, reading.Stop.Token)))];
            Assert(_readings.TryAdd(partition, reading), $"partition {partition} was taken twice");
        });
        Diary.Enqueue($"take {partition}");
    }

    public async Task ReleaseAsync(int partition)
    {
        await OneAtATime(partition, async () =>
        {
            await BeforeRelease(partition);
            await StopAsync(partition);
        });
        Diary.Enqueue($"release {partition}");
    }

    public async Task LoseAsync(int partition)
    {
        await OneAtATime(partition, () => StopAsync(partition));
        Diary.Enqueue($"lose {partition}");
    }

    private async Task StopAsync(int partition)
    {
        Assert(_readings.TryRemove(partition, out var reading), $"partition {partition} goes and was not here");
        await reading!.Stop.CancelAsync();
        await Task.WhenAll(reading.Loops);
    }

    private async Task OneAtATime(int partition, Func<Task> call)
    {
        Assert(_calls.TryAdd(partition, true), "two calls of one partition at a time");
        try
        {
            await call();
        }
        finally
        {
            _calls.TryRemove(partition, out _);
        }
    }

    private async Task ReadAsync(int partition, long generation, IEventSource source, CancellationToken stop)
    {
        var batch = new RecordBatch(100);
        while (!stop.IsCancellationRequested)
        {
            batch.Clear();
            try
            {
                await source.ReadAsync(batch, stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            var records = TestTopic.Records(batch).ToList();
            if (!store.TryCommit(partition, generation, records))
                return;
            source.Committed(TestTopic.Positions(records));
        }
    }

    private static void Assert(bool isTrue, string what)
    {
        if (!isTrue)
            throw new InvalidOperationException(what);
    }

    private sealed record Reading(IReadOnlyList<IEventSource> Sources)
    {
        public CancellationTokenSource Stop { get; } = new();

        public Task[] Loops { get; set; } = [];
    }
}
