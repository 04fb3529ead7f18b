using StreamInsight.Oracle.Language;
using StreamInsight.Oracle.Models;
using StreamInsight.Oracle.Records;

namespace StreamInsight.Oracle.Decisions;

/// <summary>How much of the board is known: the messages up to a place in the log, and of these the ones up to an instant.</summary>
public readonly record struct Seen(long Ms, int Count);

/// <summary>Every message about queues, in order of the log.</summary>
public sealed class QueueBoard(Model model)
{
    private readonly List<Message> messages = [];

    public int Count => messages.Count;

    public void Take(Message message) => messages.Add(message);

    /// <summary>The newest message tells; where there is none, or it is stale, the default.</summary>
    public object? Read(string name, string key, Seen seen)
    {
        if (model.Queues.Find(q => q.Name == name) is not { } queue) return Values.Error("no such queue");
        var newest = messages.Take(seen.Count).Where(m => m.RecordMs <= seen.Ms && name.Equals(m.Properties.GetValueOrDefault("queue"))).OrderBy(m => m.RecordMs).LastOrDefault();
        var isKnown = newest is not null && seen.Ms - newest.RecordMs <= queue.StaleAfterMs;
        return isKnown && newest!.Properties.TryGetValue(key, out var value) ? value : queue.Default.GetValueOrDefault(key);
    }
}
