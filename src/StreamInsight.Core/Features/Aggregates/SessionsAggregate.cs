using StreamInsight.Expressions;

namespace StreamInsight.Features.Aggregates;

/// <summary>Number of runs of entries; a new run starts when the gap to the entry before is greater than <paramref name="gapMs"/>. 0 over nothing.</summary>
public sealed class SessionsAggregate(long gapMs) : WindowAggregate
{
    public override CelType ResultType => CelType.Int;

    public override Value Empty => Value.Int(0);

    public override bool HasTiles => false;

    public override Value OverEntries(in EntryLog log, int from, int to, long nowMs, FeatureScratch scratch)
    {
        long runs = from < to ? 1 : 0;
        for (int i = from + 1; i < to; i++)
            if (log.TimeMs(i) - log.TimeMs(i - 1) > gapMs)
                runs++;
        return Value.Int(runs);
    }
}
