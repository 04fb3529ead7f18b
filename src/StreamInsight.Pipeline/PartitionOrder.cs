namespace StreamInsight.Pipeline;

/// <summary>Something a worker is told to do that is no record. It gets its answer when what it did is durable.</summary>
internal interface IPartitionOrder
{
    /// <summary>On the worker's turn, with nothing uncommitted: what it changes is committed next.</summary>
    ValueTask CarryOutAsync(ICustomerHost host, PendingWork pending);

    void Committed();

    /// <summary>The worker has ended. What was carried out may be durable or not.</summary>
    void Refuse(Exception? reason);
}

/// <inheritdoc/>
internal sealed class PartitionOrder<T>(Func<ICustomerHost, PendingWork, ValueTask<T>> order) : IPartitionOrder
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _answer;

    public Task<T> Done => _done.Task;

    public async ValueTask CarryOutAsync(ICustomerHost host, PendingWork pending) => _answer = await order(host, pending);

    public void Committed() => _done.TrySetResult(_answer!);

    public void Refuse(Exception? reason) =>
        _done.TrySetException(new DependencyUnavailableException("The worker has stopped" + (reason is null ? "." : ": " + reason.Message), reason));
}
