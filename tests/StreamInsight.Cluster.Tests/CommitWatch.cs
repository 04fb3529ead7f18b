using System.Diagnostics;
using System.Globalization;

namespace StreamInsight.Cluster.Tests;

/// <summary>Watches in Redis how the partitions are committed: who has been taken over, and how long a partition stood still.</summary>
public sealed class CommitWatch : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(50);

    private readonly RedisWire _redis;
    private readonly string[][] _questions;
    private readonly Seen[] _partitions;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;

    public CommitWatch(int redisPort, int partitions)
    {
        _redis = new RedisWire(redisPort);
        _questions = [.. Enumerable.Range(0, partitions).Select(p => (string[])["HMGET", string.Create(CultureInfo.InvariantCulture, $"si:{{p{p}}}:meta"), "generation", "commit"])];
        _partitions = [.. Enumerable.Range(0, partitions).Select(_ => new Seen())];
        _watching = Task.Run(WatchAsync);
    }

    /// <summary>Of each partition, how often it was opened.</summary>
    public long[] Generations
    {
        get
        {
            lock (_lock)
                return [.. _partitions.Select(p => p.Generation)];
        }
    }

    /// <summary>Partitions that were opened, and have committed since.</summary>
    public int Running
    {
        get
        {
            lock (_lock)
                return _partitions.Count(p => p.Generation > 0 && p.CommittedIn == p.Generation);
        }
    }

    /// <summary>
    /// How long each partition that changed hands after a moment stood still since then, in seconds: to the first commit of its new owner. A partition that is not committed again
    /// yet is null.
    /// </summary>
    public List<double?> Takeovers(long since, long[] generationsThen)
    {
        lock (_lock)
            return [.. _partitions.Zip(generationsThen).Where(pair => pair.First.Generation > pair.Second)
                .Select(pair => pair.First.CommittedIn > pair.Second ? Stopwatch.GetElapsedTime(since, pair.First.FirstCommitAt).TotalSeconds : (double?)null)];
    }

    public void Dispose()
    {
        _stop.Cancel();
        _watching.Wait();
        _redis.Dispose();
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            object?[] answers = _redis.Ask(_questions);
            long now = Stopwatch.GetTimestamp();
            lock (_lock)
            {
                for (int p = 0; p < answers.Length; p++)
                {
                    var answer = (object?[])answers[p]!;
                    _partitions[p].Saw(Number(answer[0]), Number(answer[1]), now);
                }
            }
            await Task.Delay(Every, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static long Number(object? answer) => answer is string text ? long.Parse(text, CultureInfo.InvariantCulture) : 0;

    private sealed class Seen
    {
        private long _commitThen;

        public long Generation { get; private set; }

        /// <summary>The generation that has committed last.</summary>
        public long CommittedIn { get; private set; }

        /// <summary>When it did so first.</summary>
        public long FirstCommitAt { get; private set; }

        public void Saw(long generation, long commit, long now)
        {
            if (generation != Generation)
            {
                Generation = generation;
                _commitThen = commit;
            }
            else if (commit > _commitThen && CommittedIn != generation)
            {
                CommittedIn = generation;
                FirstCommitAt = now;
            }
        }
    }
}
