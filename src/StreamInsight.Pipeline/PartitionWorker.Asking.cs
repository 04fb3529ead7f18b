namespace StreamInsight.Pipeline;

/// <content>What others ask of the worker and tell it to do, on its own turn.</content>
public sealed partial class PartitionWorker
{
    /// <summary>Asks something between batches, on the worker's own turn. Fails when the worker has ended.</summary>
    public Task<T> AskAsync<T>(Func<ICustomerHost, ValueTask<T>> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _questions.Enqueue(async host =>
        {
            try
            {
                if (_failure is { } failure)
                    throw new DependencyUnavailableException("The worker has stopped: " + failure.Message, failure);
                answer.SetResult(await question(host));
            }
            catch (Exception error)
            {
                answer.SetException(error);
            }
        });
        if (_failure is not null)
            RefuseQuestions();
        _wake.Set();
        return answer.Task;
    }

    /// <summary>
    /// Has something done that is no record: between two batches, with nothing uncommitted, in a commit of its own. Done when that is durable.
    /// </summary>
    internal Task<T> OrderAsync<T>(Func<ICustomerHost, PendingWork, ValueTask<T>> order)
    {
        var placed = new PartitionOrder<T>(order);
        _orders.Enqueue(placed);
        if (_failure is not null || _hasEnded)
            RefuseOrders();
        _wake.Set();
        return placed.Done;
    }

    /// <summary>Nothing is applied while an order waits, so its turn comes soon.</summary>
    private async ValueTask<bool> CarryOutOrderAsync()
    {
        if (_commit is not null || _orders.IsEmpty)
            return false;
        if (_pending.IsEmpty && _orders.TryDequeue(out IPartitionOrder? order))
        {
            await order.CarryOutAsync(_host, _pending);
            Volatile.Write(ref _customers, _host.CustomerCount);
            _order = order;
        }
        await StartCommitAsync();
        return true;
    }

    private void RefuseOrders()
    {
        while (_orders.TryDequeue(out IPartitionOrder? order))
            order.Refuse(_failure);
    }

    private async ValueTask<bool> AnswerQuestionsAsync()
    {
        bool any = false;
        while (_questions.TryDequeue(out Func<ICustomerHost, ValueTask>? question))
        {
            await question(_host);
            any = true;
        }
        return any;
    }

    /// <summary>Each finds that the worker has failed, and says so without waiting.</summary>
    private void RefuseQuestions()
    {
        while (_questions.TryDequeue(out Func<ICustomerHost, ValueTask>? question))
            _ = question(_host);
    }
}
