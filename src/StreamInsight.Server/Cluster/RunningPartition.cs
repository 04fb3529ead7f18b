using StreamInsight.Pipeline;
using StreamInsight.Redis;
using StreamInsight.Redis.State;

namespace StreamInsight.Server.Cluster;

/// <summary>One partition that this node has: its state, its pipeline, its routing records.</summary>
internal sealed class RunningPartition(int partition, RedisStateStore store, LivePipeline pipeline, WarmRecords? warm, IDisposable? eraser, Func<ValueTask> releaseHost) : IAsyncDisposable
{
    private bool _isStopped;

    public int Partition => partition;

    public LivePipeline Pipeline => pipeline;

    /// <summary>Why its state cannot be reached now; null = it can.</summary>
    public string? Problem => pipeline.StoreProblem ?? store.Problem;

    /// <summary>What was read is made durable; facts are delivered for so long, the rest by whoever has the partition next.</summary>
    public async Task StopAsync(TimeSpan deliverWithin)
    {
        if (_isStopped)
            return;
        _isStopped = true;
        if (warm is not null)
            await warm.DisposeAsync();
        await pipeline.StopAsync(deliverWithin);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero);
        await pipeline.DisposeAsync();
        await releaseHost();
        eraser?.Dispose();
        store.Dispose();
    }
}
