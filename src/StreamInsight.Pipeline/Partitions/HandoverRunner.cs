using Microsoft.Extensions.Logging;

namespace StreamInsight.Pipeline.Partitions;

/// <summary>
/// Brings committed messages for other partitions on their way, in order, again and again while that road is closed. The road keeps the order of what goes to one partition only. So an event that
/// links an id sets out when what was sent for that id before has arrived: its customer's partition will claim the id, and the claim goes another way.
/// </summary>
public sealed partial class HandoverRunner(IHandoverSink sink, IStateStore store, Outbox outbox, TimeProvider time, ILogger log, Random? random = null)
{
    private const int MaxMessages = 1024;

    private readonly OutboxCursor _cursor = outbox.AddHandovers(sink.Name);
    private readonly BackOff _backOff = new(random);
    private readonly HashSet<string> _customers = new(StringComparer.Ordinal);

    /// <summary>Why the last delivery failed; null = it did not. Any thread.</summary>
    public string? Problem { get; private set; }

    /// <summary>Messages that are committed and not delivered. Any thread.</summary>
    public long Waiting => Math.Max(0, store.LastHandoverNumber - _cursor.Position);

    public async Task RunAsync(CancellationToken cancel)
    {
        var news = new WakeSignal();
        using IDisposable listening = outbox.Listen(news);
        while (!cancel.IsCancellationRequested)
        {
            IReadOnlyList<Handover> messages = _cursor.Position < store.LastHandoverNumber ? store.ReadHandovers(_cursor.Position, MaxMessages) : [];
            if (messages.Count == 0)
                await news.WaitAsync(cancel);
            else
                await DeliverAllAsync([.. messages], cancel);
        }
    }

    private async Task DeliverAllAsync(Handover[] messages, CancellationToken cancel)
    {
        for (int from = 0; from < messages.Length;)
        {
            var run = new ArraySegment<Handover>(messages, from, CountThatMayGoTogether(messages.AsSpan(from)));
            while (!await TryDeliverAsync(run, cancel))
                await Task.Delay(_backOff.Next(), time, cancel);
            from += run.Count;
            _cursor.MoveTo(messages[from - 1].Number);
        }
    }

    /// <summary>Up to an event that links an id which one of those before it is for; at least one.</summary>
    private int CountThatMayGoTogether(ReadOnlySpan<Handover> messages)
    {
        _customers.Clear();
        for (int i = 0; i < messages.Length; i++)
        {
            (string customer, string linked) = HandoverCodec.ReadAddress(messages[i].Body.Span);
            if (_customers.Contains(linked))
                return i;
            if (customer.Length > 0)
                _customers.Add(customer);
        }
        return messages.Length;
    }

    private async Task<bool> TryDeliverAsync(IReadOnlyList<Handover> messages, CancellationToken cancel)
    {
        try
        {
            await sink.DeliverAsync(messages, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception error)
        {
            if (_backOff.Failures == 0)
                LogDown(sink.Name, error.Message);
            Problem = error.Message;
            return false;
        }
        _backOff.Reset();
        Problem = null;
        return true;
    }

    [LoggerMessage(EventId = 60, Level = LogLevel.Warning, Message = "{Sink} takes no messages for other partitions: {Reason}. They are kept; trying on.")]
    private partial void LogDown(string sink, string reason);
}
