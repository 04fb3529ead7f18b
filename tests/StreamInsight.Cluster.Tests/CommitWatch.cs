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

    /// <summary>Partitions that were opened, and have committed since.</summary>
    public int Running
    {
        get
        {
            lock (_lock)
                return _partitions.Count(p => p.Generation > 0 && p.CommittedIn == p.Generation);
        }
    }

    /// <summary>Every partition has been committed since then, and by its owner of now.</summary>
    public bool HaveAllCommittedSince(long moment)
    {
        lock (_lock)
            return _partitions.All(p => p.CommittedIn == p.Generation && p.LastCommitAt > moment);
    }

    /// <summary>
    /// Of each change of owner that ended after a moment, how long the partition stood still, in seconds. Where the former owner had not committed after that moment it is the owner who
    /// was killed then, and the time counts from the kill; the others were moved between the living, and it counts from their last commit.
    /// </summary>
    public (List<double> TakenOver, List<double> Moved) ChangesSince(long killedAt)
    {
        long seenBy = killedAt + (2 * (long)(Every.TotalSeconds * Stopwatch.Frequency));
        lock (_lock)
        {
            var changes = _partitions.SelectMany(p => p.Changes).Where(change => change.To > killedAt).ToList();
            return (
                [.. changes.Where(change => change.From <= seenBy).Select(change => Stopwatch.GetElapsedTime(killedAt, change.To).TotalSeconds).Order()],
                [.. changes.Where(change => change.From > seenBy).Select(change => Stopwatch.GetElapsedTime(change.From, change.To).TotalSeconds).Order()]);
        }
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
        private long _commit;

        public long Generation { get; private set; }

        /// <summary>The generation that has committed last.</summary>
        public long CommittedIn { get; private set; }

        public long LastCommitAt { get; private set; }

        /// <summary>From the last commit of an owner to the first of the next.</summary>
        public List<(long From, long To)> Changes { get; } = [];

        public void Saw(long generation, long commit, long now)
        {
            bool isNew = generation != Generation;
            Generation = generation;
            if (commit == _commit || isNew) // what was committed between two looks may be the former owner's
            {
                _commit = commit;
                return;
            }
            if (CommittedIn != generation && CommittedIn > 0)
                Changes.Add((LastCommitAt, now));
            (_commit, CommittedIn, LastCommitAt) = (commit, generation, now);
        }
    }
}
