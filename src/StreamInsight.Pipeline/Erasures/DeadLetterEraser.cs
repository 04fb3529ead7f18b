namespace StreamInsight.Pipeline.Erasures;

/// <summary>Dead letters that name an erased id. Looked for a page at a time, so that a million of them hold nobody up.</summary>
internal sealed class DeadLetterEraser(IStateStore store, PartitionWorker worker) : IErasable
{
    private const int Page = 1000;

    public string Name => "dead_letters";

    public async Task<long> EraseAsync(Erasure erasure, CancellationToken cancel)
    {
        var names = new NamedRecord(erasure.Ids);
        var found = new List<long>();
        long after = 0;
        while (store.ReadDeadLetters(after, Page) is { Count: > 0 } letters)
        {
            cancel.ThrowIfCancellationRequested();
            foreach (DeadLetter letter in letters)
            {
                names.Rest(letter.Record, out int removed);
                if (removed > 0)
                    found.Add(letter.Number);
            }
            after = letters[^1].Number;
        }
        if (found.Count > 0)
        {
            await worker.OrderAsync((_, pending) =>
            {
                pending.RemovedDeadLetters.AddRange(found);
                return ValueTask.FromResult(true);
            });
        }
        return found.Count;
    }
}
