using System.Diagnostics.Metrics;
using StreamInsight.Pipeline;
using StreamInsight.Redis;
using StreamInsight.Redis.State;
using StreamInsight.Segments;
using StreamInsight.Server.Audit;

namespace StreamInsight.Server.Cluster;

/// <summary>
/// Beside the running node, at a low rate: entered − left = members for every segment in each partition that it has, by the customers' own states. A partition after the other, some
/// thousand customers a second; at most one round in half a minute. Whoever has the first partition looks whether Redis has as many members as all partitions together, when it has taken all of
/// their facts.
/// </summary>
internal sealed class NodeConservation(ClusterStores stores, RedisReconciler redis, CompiledModel model, Func<IReadOnlyCollection<int>> partitions, Meter meter, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(30), Pause = TimeSpan.FromMilliseconds(200), Again = TimeSpan.FromSeconds(2);

    private readonly SegmentGauge _gauge = SegmentGauge.OfConservation(meter, model);
    private readonly SegmentGauge _inRedis = SegmentGauge.OfRedis(meter);
    private readonly Dictionary<int, long[]> _differences = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _work = Task.CompletedTask;

    public void Start() => _work = Task.Run(() => RunAsync(_stop.Token));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        redis.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken cancel)
    {
        while (true)
        {
            IReadOnlyCollection<int> ours = partitions();
            try
            {
                foreach (int partition in ours)
                    _differences[partition] = await LookAsync(partition, cancel);
                foreach (CompiledSegment segment in ours.Contains(0) ? model.Segments : [])
                    await CompareAsync(segment.Name, cancel);
            }
            catch (DependencyUnavailableException)
            {
                // Redis is away: the partitions tell. Looked at again.
            }
            Show(ours);
            // A node that has just been given its first partitions is looked at soon.
            await Task.Delay(ours.Count == 0 ? Again : Round, time, cancel);
        }
    }

    /// <summary>By segment. A difference has to be there twice.</summary>
    private async Task<long[]> LookAsync(int partition, CancellationToken cancel)
    {
        long[] differences = await CountAsync(partition, cancel);
        if (!differences.Any(difference => difference != 0))
            return differences;
        await Task.Delay(Again, time, cancel);
        return [.. (await CountAsync(partition, cancel)).Zip(differences, (now, before) => before == 0 ? 0 : now)];
    }

    private async Task<long[]> CountAsync(int partition, CancellationToken cancel)
    {
        PartitionCensus census = await PartitionCensus.TakeAsync(stores.Reader(partition), model, () => Task.Delay(Pause, time, cancel), cancel);
        return [.. model.Segments.Select(census.DifferenceOf)];
    }

    /// <summary>With all facts delivered before and after, and none come in between; else nothing can be said.</summary>
    private async Task CompareAsync(string segment, CancellationToken cancel)
    {
        if (Quiet(segment) is not { } before)
            return;
        long there = await redis.CountMembersAsync(segment, cancel);
        if (Quiet(segment) is { } after && after == before)
            _inRedis[segment] = there - after.Members;
    }

    /// <summary>Facts and members of all partitions; null = some are still to be delivered.</summary>
    private (long Facts, long Members)? Quiet(string segment)
    {
        long facts = 0, members = 0;
        foreach (PartitionStanding standing in stores.All.Select(store => store.ReadStanding()))
        {
            if (standing.LastFact != standing.Cursors.GetValueOrDefault(RedisFactSink.SinkName))
                return null;
            facts += standing.LastFact;
            members += standing.Counters.GetValueOrDefault(SegmentCounts.Entered + segment) - standing.Counters.GetValueOrDefault(SegmentCounts.Left + segment);
        }
        return (facts, members);
    }

    private void Show(IReadOnlyCollection<int> ours)
    {
        foreach (int gone in _differences.Keys.Except(ours).ToArray())
            _differences.Remove(gone);
        foreach (CompiledSegment segment in model.Segments)
            _gauge[segment.Name] = _differences.Values.Sum(differences => differences[segment.Index]);
    }
}
