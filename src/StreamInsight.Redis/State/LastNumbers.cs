using StreamInsight.Pipeline;

namespace StreamInsight.Redis.State;

/// <summary>The highest numbers ever given to what a partition writes in order; 0 = none yet.</summary>
internal readonly record struct LastNumbers(long Fact, long DeadLetter, long Handover)
{
    /// <summary>They are given without gaps and never again. Throws where a checkpoint does otherwise.</summary>
    public LastNumbers After(Checkpoint checkpoint) => new(
        Count(Fact, checkpoint.Facts.Select(fact => fact.Position), "outbox position"),
        Count(DeadLetter, checkpoint.DeadLetters.Select(letter => letter.Number), "dead letter number"),
        Count(Handover, checkpoint.Handovers.Select(message => message.Number), "handover number"));

    private static long Count(long last, IEnumerable<long> numbers, string what)
    {
        foreach (long number in numbers)
        {
            if (number != ++last)
                throw new InvalidOperationException($"The next {what} is {last}, not {number}.");
        }
        return last;
    }
}
