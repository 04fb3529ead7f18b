using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Partitions;

namespace StreamInsight.Kafka;

/// <summary>
/// Calls the owner of partitions, one call at a time and off the member's thread. Partitions that go come before partitions that come: a take that holds up a release is
/// cancelled and repeated afterwards, one of a partition that goes is cancelled for good.
/// </summary>
/// <param name="owner">Who is called.</param>
/// <param name="open">The sources of a partition that is taken.</param>
/// <param name="failed">Told of an exception that will not pass by itself; nothing more is taken then.</param>
internal sealed class OwnerCalls(IPartitionOwner owner, Func<int, IReadOnlyList<IEventSource>> open, Action<Exception> failed)
{
    /// <summary>How long a take may hold up partitions that go.</summary>
    private static readonly TimeSpan TakeGrace = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly List<int> _takes = [];
    private readonly Queue<Ending> _endings = [];
    private readonly HashSet<int> _held = [];
    private Taking? _taking;
    private bool _isRunning;
    private bool _isClosed;

    public void Take(IReadOnlyList<int> partitions)
    {
        lock (_lock)
        {
            if (_isClosed)
                return;
            _takes.AddRange(partitions);
            RunIfIdle();
        }
    }

    /// <summary>Done when the owner has released (or lost) all of them.</summary>
    public Task EndAsync(IReadOnlyList<int> partitions, bool isLost)
    {
        var ending = new Ending(partitions, isLost);
        lock (_lock)
        {
            _takes.RemoveAll(partitions.Contains);
            if (_taking is { } taking)
            {
                if (partitions.Contains(taking.Partition))
                    taking.Abandon();
                else
                    taking.Cancel.CancelAfter(TakeGrace);
            }
            _endings.Enqueue(ending);
            RunIfIdle();
        }
        return ending.Done.Task;
    }

    /// <summary>Nothing is taken from now on.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            _takes.Clear();
            _taking?.Abandon();
        }
    }

    private void RunIfIdle()
    {
        if (_isRunning)
            return;
        _isRunning = true;
        _ = Task.Run(RunAsync);
    }

    private async Task RunAsync()
    {
        while (true)
        {
            Ending? ending;
            Taking? taking = null;
            lock (_lock)
            {
                if (!_endings.TryDequeue(out ending) && _takes.Count > 0)
                {
                    _taking = taking = new Taking(_takes[0]);
                    _takes.RemoveAt(0);
                }
                if (ending is null && taking is null)
                {
                    _isRunning = false;
                    return;
                }
            }
            if (ending is not null)
                await EndAsync(ending).ConfigureAwait(false);
            else
                await TakeAsync(taking!).ConfigureAwait(false);
        }
    }

    private async Task TakeAsync(Taking taking)
    {
        bool isTaken = false;
        try
        {
            await owner.TakeAsync(taking.Partition, open(taking.Partition), taking.Cancel.Token).ConfigureAwait(false);
            isTaken = true;
        }
        catch (OperationCanceledException) when (taking.Cancel.IsCancellationRequested)
        {
            // It goes, or others go first.
        }
        catch (Exception e)
        {
            Close();
            failed(e);
        }
        lock (_lock)
        {
            _taking = null;
            if (isTaken)
                _held.Add(taking.Partition);
            else if (!taking.IsAbandoned && !_isClosed)
                _takes.Add(taking.Partition);
            taking.Cancel.Dispose();
        }
    }

    private async Task EndAsync(Ending ending)
    {
        foreach (int partition in ending.Partitions.Where(_held.Remove))
        {
            try
            {
                await (ending.IsLost ? owner.LoseAsync(partition) : owner.ReleaseAsync(partition)).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                Close();
                failed(e);
            }
        }
        ending.Done.TrySetResult();
    }

    private sealed record Ending(IReadOnlyList<int> Partitions, bool IsLost)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Its members are used under the lock.</summary>
    private sealed class Taking(int partition)
    {
        public int Partition => partition;

        public CancellationTokenSource Cancel { get; } = new();

        public bool IsAbandoned { get; private set; }

        public void Abandon()
        {
            IsAbandoned = true;
            Cancel.CancelAfter(TimeSpan.Zero); // not here: what hangs on the token would run under the lock
        }
    }
}
