using Confluent.Kafka;
using StreamInsight.Pipeline;

namespace StreamInsight.Kafka;

/// <summary>
/// An <see cref="OrderedProducer"/> for many callers: what was given while a run was under way makes up the next run. Each call's messages arrive in order, all or a failure;
/// a failure of a run fails every call in it. Any thread.
/// </summary>
/// <param name="maxWaiting">Messages that may wait for the next run; more are refused.</param>
internal sealed class SharedProducer(KafkaOptions options, string topic, int maxWaiting = int.MaxValue) : IAsyncDisposable
{
    private const int MaxRun = 10_000;

    private readonly OrderedProducer _producer = new(options, topic);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Queue<Call> _waiting = new();
    private int _waitingMessages;
    private Task _sender = Task.CompletedTask;
    private bool _isSending;

    /// <summary>Done when the brokers have all of them; tells the offset of the first. Throws <see cref="DependencyUnavailableException"/>.</summary>
    /// <param name="cancel">Stops the waiting; what was given before may still arrive.</param>
    public Task<long> SendAsync(IReadOnlyList<OutgoingRecord> messages, CancellationToken cancel)
    {
        if (messages.Count == 0)
            return Task.FromResult(-1L);
        var call = new Call(messages);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
            if (_waitingMessages > 0 && _waitingMessages + messages.Count > maxWaiting)
                throw new DependencyUnavailableException($"Kafka at {options.Servers} takes messages for topic {topic} more slowly than they come: {_waitingMessages} wait. Try again later.") { MayPass = true };
            _waiting.Enqueue(call);
            _waitingMessages += messages.Count;
            if (!_isSending)
            {
                _isSending = true;
                _sender = Task.Run(SendWaitingAsync, CancellationToken.None);
            }
        }
        return call.Done.Task.WaitAsync(cancel);
    }

    /// <summary>What waits is given up.</summary>
    public async ValueTask DisposeAsync()
    {
        Task sender;
        lock (_lock)
        {
            if (_stop.IsCancellationRequested)
                return;
            _stop.Cancel();
            sender = _sender;
        }
        await sender.ConfigureAwait(false);
        _producer.Dispose();
    }

    private async Task SendWaitingAsync()
    {
        while (NextRun() is { Count: > 0 } run)
        {
            try
            {
                long[] offsets = await _producer.SendAsync([.. run.SelectMany(call => call.Messages)], _stop.Token).ConfigureAwait(false);
                int at = 0;
                foreach (var call in run)
                {
                    call.Done.TrySetResult(offsets[at]);
                    at += call.Messages.Count;
                }
            }
            catch (Exception e)
            {
                Exception told = e is OperationCanceledException
                    ? new DependencyUnavailableException($"Kafka's producer for topic {topic} was closed before it had an answer.", e) { MayPass = true }
                    : e;
                foreach (var call in run)
                    call.Done.TrySetException(told);
            }
        }
    }

    private List<Call> NextRun()
    {
        var run = new List<Call>();
        lock (_lock)
        {
            int messages = 0;
            while (_waiting.TryPeek(out var call) && (messages == 0 || messages + call.Messages.Count <= MaxRun))
            {
                messages += call.Messages.Count;
                run.Add(_waiting.Dequeue());
            }
            _waitingMessages -= messages;
            _isSending = run.Count > 0;
        }
        return run;
    }

    private sealed record Call(IReadOnlyList<OutgoingRecord> Messages)
    {
        public TaskCompletionSource<long> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
