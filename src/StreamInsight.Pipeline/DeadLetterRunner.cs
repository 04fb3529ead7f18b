using Microsoft.Extensions.Logging;

namespace StreamInsight.Pipeline;

/// <summary>Brings committed dead letters to a second place, in order, again and again while that is down.</summary>
public sealed partial class DeadLetterRunner(IDeadLetters sink, IStateStore store, Outbox outbox, TimeProvider time, ILogger log, Random? random = null)
{
    private const int MaxLetters = 256;

    private readonly OutboxCursor _cursor = outbox.AddDeadLetters(sink.Name);
    private readonly BackOff _backOff = new(random);

    public async Task RunAsync(CancellationToken cancel)
    {
        var news = new WakeSignal();
        using IDisposable listening = outbox.Listen(news);
        while (!cancel.IsCancellationRequested)
        {
            IReadOnlyList<DeadLetter> letters = _cursor.Position < store.LastDeadLetterNumber ? store.ReadDeadLetters(_cursor.Position, MaxLetters) : [];
            if (letters.Count == 0)
                await news.WaitAsync(cancel);
            else if (await TryDeliverAsync(letters, cancel))
                _cursor.MoveTo(letters[^1].Number);
            else
                await Task.Delay(_backOff.Next(), time, cancel);
        }
    }

    private async Task<bool> TryDeliverAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancel)
    {
        try
        {
            await sink.DeliverAsync(letters, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception error)
        {
            if (_backOff.Failures == 0)
                LogDown(sink.Name, error.Message);
            return false;
        }
        _backOff.Reset();
        return true;
    }

    [LoggerMessage(EventId = 20, Level = LogLevel.Warning, Message = "{Sink} does not take dead letters: {Reason}. They are kept; trying on.")]
    private partial void LogDown(string sink, string reason);
}
