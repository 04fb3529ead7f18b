using Microsoft.Extensions.Logging;

namespace StreamInsight.Pipeline.Partitions;

/// <summary>
/// Brings committed messages for other partitions on their way, in order, again and again while that road is closed. The road keeps the order of what goes to one partition only, so an event that
/// links an id sets out when all that was sent before has arrived: its customer's partition will claim the id, and that claim must find what came for the id before.
/// </summary>
public sealed partial class HandoverRunner(IHandoverSink sink, IStateStore store, Outbox outbox, TimeProvider time, ILogger log, Random? random = null)
{
    private const int MaxMessages = 1024;

    private readonly OutboxCursor _cursor = outbox.AddHandovers(sink.Name);
    private readonly BackOff _backOff = new(random);

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
            else if (await TryDeliverAsync(messages = UpToNextLink(messages), cancel))
                _cursor.MoveTo(messages[^1].Number);
            else
                await Task.Delay(_backOff.Next(), time, cancel);
        }
    }

    /// <summary>Everything before the first message is delivered, so it may be a link itself.</summary>
    private static IReadOnlyList<Handover> UpToNextLink(IReadOnlyList<Handover> messages)
    {
        bool isOneWay = true;
        for (int i = 1; i < messages.Count; i++)
        {
            isOneWay &= messages[i].To == messages[0].To;
            if (!isOneWay && HandoverCodec.IsLink(messages[i].Body.Span))
                return [.. messages.Take(i)];
        }
        return messages;
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
