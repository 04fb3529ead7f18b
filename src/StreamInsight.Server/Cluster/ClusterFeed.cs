using StreamInsight.Pipeline;
using StreamInsight.Server.Http;

namespace StreamInsight.Server.Cluster;

/// <summary>
/// The facts of all partitions, whichever node has them, from their outboxes in Redis: while streams are open here, it looks ten times a second what was committed. Streams that are abreast
/// share what it reads; one that is behind reads for itself.
/// </summary>
internal sealed class ClusterFeed(ClusterStores stores, TimeProvider time) : IFactFeed
{
    private const int PageSize = 2048;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly List<WakeSignal> _listeners = [];
    private readonly long[] _last = new long[stores.Count];
    private readonly IReadOnlyList<OutboxFact>[] _news = [.. Enumerable.Repeat<IReadOnlyList<OutboxFact>>([], stores.Count)];
    private Task _looking = Task.CompletedTask;
    private CancellationTokenSource? _stop;

    public int Partitions => stores.Count;

    public long Last(int partition) => Volatile.Read(ref _last[partition]);

    public async Task<long[]> LastAsync()
    {
        long[] now = await Task.Run(stores.ReadLastFacts);
        bool isNew = false;
        for (int partition = 0; partition < now.Length; partition++)
            isNew |= Raise(partition, now[partition]);
        // Whoever looks next finds nothing new any more: the other streams are told here.
        if (isNew)
            Wake();
        return now;
    }

    public async ValueTask<IReadOnlyList<OutboxFact>> ReadAsync(int partition, long after, int max)
    {
        long last = Last(partition);
        if (after >= last)
            return [];
        // A page has all there is from its first fact on.
        IReadOnlyList<OutboxFact> news = Volatile.Read(ref _news[partition]);
        if (news.Count > 0 && news[0].Position <= after + 1 && news[^1].Position > after)
            return [.. news.SkipWhile(fact => fact.Position <= after).Take(max)];
        IReadOnlyList<OutboxFact> facts = await Task.Run(() => stores.Reader(partition).ReadFacts(after, max));
        // What was committed since is not known here yet; a stream that told it would seem to be ahead of everything.
        return facts.Count == 0 || facts[^1].Position <= last ? facts : [.. facts.TakeWhile(fact => fact.Position <= last)];
    }

    public IDisposable Listen(WakeSignal signal)
    {
        lock (_gate)
        {
            _listeners.Add(signal);
            if (_stop is null)
            {
                _stop = new CancellationTokenSource();
                _looking = LookAfterAsync(_looking, _stop.Token);
            }
        }
        return new Listener(this, signal);
    }

    private async Task LookAfterAsync(Task before, CancellationToken cancel)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        while (!cancel.IsCancellationRequested)
        {
            bool isNew = false;
            try
            {
                long[] now = stores.ReadLastFacts();
                for (int partition = 0; partition < now.Length; partition++)
                    isNew |= Take(partition, now[partition]);
            }
            catch (DependencyUnavailableException)
            {
                // Redis is away; streams wait for it as the partitions do.
            }
            if (isNew)
                Wake();
            await Task.Delay(Look, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>True: streams have something to tell.</summary>
    private bool Take(int partition, long now)
    {
        long known = Last(partition);
        if (now > known)
        {
            IReadOnlyList<OutboxFact> page = stores.Reader(partition).ReadFacts(known, PageSize);
            Volatile.Write(ref _news[partition], page);
            // More may have come since it was looked.
            Raise(partition, page.Count > 0 ? Math.Max(now, page[^1].Position) : now);
            return true;
        }
        // What was told lately is not kept: an erased customer's facts would be.
        Volatile.Write(ref _news[partition], []);
        // A stream that opened meanwhile knows of newer ones. Only what is less when it is looked at again has gone back: Redis has lost commits.
        if (now < known && stores.Reader(partition).LastFactPosition is var again && again < known)
        {
            Volatile.Write(ref _last[partition], again);
            return true;
        }
        return false;
    }

    private bool Raise(int partition, long to)
    {
        lock (_gate)
        {
            if (to <= _last[partition])
                return false;
            Volatile.Write(ref _last[partition], to);
            return true;
        }
    }

    private void Wake()
    {
        lock (_gate)
        {
            foreach (WakeSignal listener in _listeners)
                listener.Set();
        }
    }

    private sealed class Listener(ClusterFeed feed, WakeSignal signal) : IDisposable
    {
        public void Dispose()
        {
            lock (feed._gate)
            {
                feed._listeners.Remove(signal);
                if (feed._listeners.Count > 0 || feed._stop is null)
                    return;
                feed._stop.Cancel();
                feed._stop = null;
            }
        }
    }
}
