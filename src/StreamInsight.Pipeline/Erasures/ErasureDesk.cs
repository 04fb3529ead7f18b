using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace StreamInsight.Pipeline.Erasures;

/// <summary>
/// Takes erasures, has the worker commit them, and has every place outside the state do its part, again and again until it has: also after a restart.
/// </summary>
internal sealed partial class ErasureDesk(
    PartitionWorker worker, IStateStore store, IReadOnlyList<IErasable> places, IReadOnlyList<SinkRunner> sinks, TimeSpan forgetAfter, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan SinkPoll = TimeSpan.FromMilliseconds(2);

    private readonly Dictionary<string, SemaphoreSlim> _turns = places.ToDictionary(place => place.Name, _ => new SemaphoreSlim(1));
    private readonly ConcurrentDictionary<Task, bool> _running = new();
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Erasures that other partitions tell the worker of go on here.</summary>
    public void Listen()
    {
        worker.ErasurePlaces = [.. places.Select(place => place.Name)];
        worker.Erased = told =>
        {
            if (store.LoadErasure(told.Digest) is { IsDone: false } erasure)
                _ = Begin(erasure);
        };
    }

    /// <summary>Goes on with what an earlier run began.</summary>
    public void Resume()
    {
        foreach (Erasure erasure in store.LoadPendingErasures())
            _ = Begin(erasure);
    }

    /// <summary>
    /// Erases the customer an id belongs to. Durable on return; places that were not done within <paramref name="patience"/> are pending and are done later.
    /// null = nothing is known of the id.
    /// </summary>
    public async Task<Erasure?> EraseAsync(string id, TimeSpan patience)
    {
        if (await worker.OrderAsync((host, pending) => OrderAsync(host, pending, id)) is not { } ordered)
            return null;
        Erasure erasure = store.LoadErasure(ordered.Digest)!;
        Task places = Begin(erasure);
        await Task.WhenAny(places, Task.Delay(patience, time));
        return store.LoadErasure(ordered.Digest);
    }

    public async Task StopAsync()
    {
        _stop.Cancel();
        await Task.WhenAll(_running.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    private async ValueTask<Erasure?> OrderAsync(ICustomerHost host, PendingWork pending, string id)
    {
        if (await host.EraseAsync(id, worker.ClockMs, (long)forgetAfter.TotalMilliseconds, pending.Facts) is not { } erasure)
            return null;
        if (store.LoadErasure(erasure.Digest) is { } before)
        {
            // Asked again, it was erased when it was erased; one who came back in between is erased now.
            bool isAgain = erasure.Removed.GetValueOrDefault("state") == 0;
            erasure = erasure with { Ids = [.. erasure.Ids.Union(before.Ids)], AtMs = isAgain ? before.AtMs : erasure.AtMs };
            foreach ((string name, long removed) in before.Removed)
                erasure = erasure.With(name, removed);
        }
        erasure = erasure with { Pending = [.. places.Select(place => place.Name)] };
        pending.Erasures.Add(erasure);
        return erasure;
    }

    private Task Begin(Erasure erasure)
    {
        Task work = Task.WhenAll(erasure.Pending.Select(name => Start(() => CompleteAsync(name, erasure))));
        _running.TryAdd(work, true);
        _ = work.ContinueWith(done => _running.TryRemove(done, out _), TaskScheduler.Default);
        return work;
    }

    private static Task Start(Func<Task> part) =>
        Task.Factory.StartNew(part, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Current).Unwrap();

    private async Task CompleteAsync(string name, Erasure erasure)
    {
        // A place that this service no longer has (a Redis that was taken out of the configuration) keeps nothing that is ours to remove.
        IErasable? place = places.FirstOrDefault(place => place.Name == name);
        long removed = place is null ? 0 : await InsistAsync(place, erasure);
        await worker.OrderAsync((_, pending) =>
        {
            if (store.LoadErasure(erasure.Digest) is { } now)
                pending.ErasureProgress.Add((place is null ? now : now.With(name, removed)).Without(name));
            return ValueTask.FromResult(true);
        });
    }

    private async Task<long> InsistAsync(IErasable place, Erasure erasure)
    {
        if (sinks.FirstOrDefault(sink => sink.Name == place.Name) is { } sink)
        {
            while (sink.Cursor.Position < erasure.FactPosition)
                await Task.Delay(SinkPoll, time, _stop.Token);
        }
        SemaphoreSlim turn = _turns[place.Name];
        await turn.WaitAsync(_stop.Token);
        try
        {
            var backOff = new BackOff();
            while (true)
            {
                try
                {
                    return await place.EraseAsync(erasure, _stop.Token);
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    if (backOff.Failures == 0)
                        LogNotDone(place.Name, error.Message);
                    await Task.Delay(backOff.Next(), time, _stop.Token);
                }
            }
        }
        finally
        {
            turn.Release();
        }
    }

    [LoggerMessage(EventId = 40, Level = LogLevel.Warning, Message = "{Place} cannot erase a customer now: {Reason}. Trying on.")]
    private partial void LogNotDone(string place, string reason);
}
