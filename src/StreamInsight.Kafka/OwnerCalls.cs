using System.Collections.Concurrent;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Partitions;

namespace StreamInsight.Kafka;

/// <summary>
/// Calls the owner of partitions, off the member's thread: of one partition one call at a time and in order, of several at the same time. A take that is under way or still waits when its
/// partition goes is cancelled.
/// </summary>
/// <param name="owner">Who is called.</param>
/// <param name="open">The sources of a partition that is taken.</param>
/// <param name="failed">Told of an exception that will not pass by itself.</param>
internal sealed class OwnerCalls(IPartitionOwner owner, Func<int, IReadOnlyList<IEventSource>> open, Action<Exception> failed)
{
    /// <summary>Takes at a time: opening a partition is mostly waiting for its store, but work, too.</summary>
    private const int MaxTakes = 8;

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly IPartitionOwner _owner = owner;
    private readonly Func<int, IReadOnlyList<IEventSource>> _open = open;
    private readonly Action<Exception> _failed = failed;
    private readonly ConcurrentDictionary<int, Lane> _lanes = new();
    private readonly SemaphoreSlim _takes = new(MaxTakes);
    private volatile bool _isClosed;

    public void Take(IReadOnlyList<int> partitions)
    {
        foreach (int partition in partitions)
        {
            if (!_isClosed)
                LaneOf(partition).Take();
        }
    }

    /// <summary>Done when the owner has released (or lost) all of them.</summary>
    public Task EndAsync(IReadOnlyList<int> partitions, bool isLost) => Task.WhenAll([.. partitions.Select(partition => LaneOf(partition).EndAsync(isLost))]);

    /// <summary>Nothing is taken from now on.</summary>
    public void Close()
    {
        _isClosed = true;
        foreach (Lane lane in _lanes.Values)
            lane.CancelTake();
    }

    private Lane LaneOf(int partition) => _lanes.GetOrAdd(partition, number => new Lane(number, this));

    /// <summary>The calls of one partition, each begun when the one before has ended.</summary>
    private sealed class Lane(int partition, OwnerCalls calls)
    {
        private readonly Lock _lock = new();
        private Task _last = Task.CompletedTask;
        private CancellationTokenSource _take = new();
        private bool _isHeld;

        public void Take()
        {
            lock (_lock)
            {
                _take = new CancellationTokenSource();
                _last = Then(_last, TakeAsync, _take.Token);
            }
        }

        public Task EndAsync(bool isLost)
        {
            CancelTake();
            lock (_lock)
                return _last = Then(_last, _ => EndNowAsync(isLost), default);
        }

        public void CancelTake()
        {
            CancellationTokenSource take;
            lock (_lock)
                take = _take;
            take.Cancel();
        }

        private static Task Then(Task before, Func<CancellationToken, Task> call, CancellationToken cancel) => Task.Run(
            async () =>
            {
                await before.ConfigureAwait(false);
                await call(cancel).ConfigureAwait(false);
            },
            CancellationToken.None);

        private async Task TakeAsync(CancellationToken cancel)
        {
            try
            {
                while (!await TryTakeAsync(cancel).ConfigureAwait(false))
                    await Task.Delay(Again, cancel).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                // It goes before it came.
            }
            catch (Exception e)
            {
                calls._isClosed = true;
                calls._failed(e);
            }
        }

        /// <summary>False: a node that does not know yet that it has lost the partition has opened it after us.</summary>
        private async Task<bool> TryTakeAsync(CancellationToken cancel)
        {
            await calls._takes.WaitAsync(cancel).ConfigureAwait(false);
            try
            {
                await calls._owner.TakeAsync(partition, calls._open(partition), cancel).ConfigureAwait(false);
                _isHeld = true;
                return true;
            }
            catch (FencedException)
            {
                return false;
            }
            finally
            {
                calls._takes.Release();
            }
        }

        private async Task EndNowAsync(bool isLost)
        {
            if (!_isHeld)
                return;
            _isHeld = false;
            try
            {
                await (isLost ? calls._owner.LoseAsync(partition) : calls._owner.ReleaseAsync(partition)).ConfigureAwait(false);
            }
            catch (FencedException)
            {
                // Whoever has it now was faster than the group: there is nothing left to give back.
            }
            catch (Exception e)
            {
                calls._failed(e);
            }
        }
    }
}
