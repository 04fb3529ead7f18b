using System.Diagnostics.Metrics;
using StreamInsight.Pipeline;
using StreamInsight.Segments;
using StreamInsight.Server.Audit;

namespace StreamInsight.Server.Cluster;

/// <summary>
/// Beside the running node, at a low rate: entered − left = members for every segment in each partition that it has, by the customers' own states. A partition after the other, some
/// thousand customers a second; at most one round in half a minute.
/// </summary>
internal sealed class NodeConservation(ClusterStores stores, CompiledModel model, Func<IReadOnlyCollection<int>> partitions, Meter meter, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(30), Pause = TimeSpan.FromMilliseconds(200), Again = TimeSpan.FromSeconds(2);

    private readonly ConservationGauge _gauge = new(model, meter);
    private readonly Dictionary<int, long[]> _differences = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _work = Task.CompletedTask;

    public void Start() => _work = Task.Run(() => RunAsync(_stop.Token));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken cancel)
    {
        while (true)
        {
            IReadOnlyCollection<int> ours = partitions();
            foreach (int partition in ours)
            {
                try
                {
                    _differences[partition] = await LookAsync(partition, cancel);
                }
                catch (DependencyUnavailableException)
                {
                    // Redis is away: the partitions tell. Looked at again.
                }
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

    private void Show(IReadOnlyCollection<int> ours)
    {
        foreach (int gone in _differences.Keys.Except(ours).ToArray())
            _differences.Remove(gone);
        foreach (CompiledSegment segment in model.Segments)
            _gauge[segment.Name] = _differences.Values.Sum(differences => differences[segment.Index]);
    }
}
