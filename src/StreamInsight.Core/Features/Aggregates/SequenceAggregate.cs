using StreamInsight.Expressions;

namespace StreamInsight.Features.Aggregates;

/// <summary>
/// Completed matches of a pattern in one scan in order. Per step the latest start of a partial match is kept; one entry fills one step of a match, but may
/// continue one match and start a later one; a match whose first and last are at most <paramref name="withinMs"/> apart counts and resets all.
/// An entry's bits are the mask of the steps its event can fill. 0 over nothing.
/// </summary>
public sealed class SequenceAggregate(int steps, long withinMs) : WindowAggregate
{
    public const int MaxSteps = 16;

    public override CelType ResultType => CelType.Int;

    public override Value Empty => Value.Int(0);

    public override bool HasTiles => false;

    public override Value OverEntries(in EntryLog log, int from, int to, long nowMs, FeatureScratch scratch)
    {
        Span<long> starts = stackalloc long[MaxSteps];   // starts[k]: latest start of a match that has steps 0 … k
        starts.Fill(long.MinValue);
        long matches = 0;
        for (int i = from; i < to; i++)
        {
            long mask = log.Bits(i);
            long timeMs = log.TimeMs(i);
            if ((mask >> (steps - 1) & 1) != 0 && starts[steps - 2] != long.MinValue && timeMs - starts[steps - 2] <= withinMs)
            {
                matches++;
                starts.Fill(long.MinValue);
                continue;
            }

            // From the last step down, so that one entry never fills two steps of one match.
            for (int step = steps - 2; step > 0; step--)
                if ((mask >> step & 1) != 0 && starts[step - 1] != long.MinValue)
                    starts[step] = starts[step - 1];
            if ((mask & 1) != 0)
                starts[0] = timeMs;
        }

        return Value.Int(matches);
    }
}
