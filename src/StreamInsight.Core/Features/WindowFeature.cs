using StreamInsight.Expressions;
using StreamInsight.Features.Aggregates;

namespace StreamInsight.Features;

/// <summary>
/// A feature over entries with <c>now − O − W &lt; t ≤ now − O</c>. Keeps at most <paramref name="exactMax"/> entries; one more changes it to tiles of
/// ceil(W / 60) ms until it is empty, or, where tiles cannot serve (an offset, last_k, sequence, sessions, no window), lets the first in order go.
/// </summary>
/// <param name="windowMs">W; <see cref="long.MaxValue"/> = the customer's whole life.</param>
/// <param name="offsetMs">O.</param>
public sealed class WindowFeature(
    string name, WindowAggregate aggregate, bool hasBits, bool hasTexts, long windowMs, long offsetMs, int exactMax) : Feature(name, aggregate.ReadType)
{
    private const int TilesInWindow = 60;

    private readonly bool _hasTiles = aggregate.HasTiles && offsetMs == 0 && windowMs != long.MaxValue;
    private readonly long _tileMs = Math.Max(1, (windowMs / TilesInWindow) + (windowMs % TilesInWindow == 0 ? 0 : 1));

    private WindowAggregate Aggregate => aggregate;

    public override void Observe(ref FeatureState? state, in Entry entry, long nowMs)
    {
        if (state is TiledState tiles)
        {
            long oldest = OldestTile(nowMs);
            tiles.DropBefore(oldest);
            if (!tiles.IsEmpty)
            {
                if (TileOf(entry.TimeMs) >= oldest)
                    tiles.Add(Aggregate, TileOf(entry.TimeMs), entry);
                return;
            }

            state = null;   // run empty: exact again
        }

        if (entry.TimeMs <= Before(nowMs))
            return;

        var log = (EntryLog)(state ??= new EntryLog(hasBits, hasTexts));
        log.DropFirst(log.FirstAfter(Before(nowMs)));
        if (log.Count == 0)
            log.IsTruncated = false;
        if (log.Count >= exactMax && _hasTiles)
        {
            TiledState changed = ToTiles(log);
            changed.Add(Aggregate, TileOf(entry.TimeMs), entry);
            state = changed;
            return;
        }

        log.Add(entry);
        KeepNewest(log);
    }

    public override Value Read(FeatureState? state, EvalContext context, FeatureScratch scratch)
    {
        Value value = ValueAt(state, context.Now, scratch);
        context.Until(NextChange(state, context.Now));
        if (Aggregate is DecayedAggregate decayed && state is not null)
            context.Until(DecayedCrossing.NextLook(context.Now, decayed));
        return value;
    }

    public override Value Compare(FeatureState? state, EvalContext context, FeatureScratch scratch, Comparison comparison, Value constant)
    {
        if (Aggregate is CountAggregate && state is EntryLog log && offsetMs == 0 && constant.Kind == ValueKind.Int)
            return CompareCount(log, context, comparison, constant.AsInt);
        if (Aggregate is not DecayedAggregate decayed || state is null)
            return base.Compare(state, context, scratch, comparison, constant);

        long next = NextChange(state, context.Now);
        context.Until(next);
        Value value = ValueAt(state, context.Now, scratch);
        return DecayedCrossing.Compare(decayed, context, value, comparison, constant, now => ValueAt(state, now, scratch), next);
    }

    public override FeatureState? Merge(FeatureState? into, FeatureState? from, long nowMs)
    {
        Expire(into, nowMs);
        Expire(from, nowMs);
        if (into is null || from is null)
            return into ?? from;

        if (into is EntryLog log && from is EntryLog other)
        {
            if (!_hasTiles || log.Count + other.Count <= exactMax)
                return Unite(log, other);
            into = ToTiles(log);
        }
        else if (into is EntryLog exact)
        {
            into = ToTiles(exact);
        }

        var tiles = (TiledState)into;
        tiles.Absorb(Aggregate, from as TiledState ?? ToTiles((EntryLog)from));
        return tiles;
    }

    public override FeatureCoverage Coverage(FeatureState? state, long nowMs, long bornMs)
    {
        if (windowMs == long.MaxValue)
            return new FeatureCoverage("lifetime", null, true, state is EntryLog { IsTruncated: true }, false);
        bool complete = bornMs <= nowMs - offsetMs - windowMs;
        return state is TiledState
            ? new FeatureCoverage("tiles", (OldestTile(nowMs) * _tileMs) - 1, complete, false, state is ValueTable { IsCapped: true })
            : new FeatureCoverage("exact", nowMs - offsetMs - windowMs, complete, state is EntryLog { IsTruncated: true }, false);
    }

    private Value ValueAt(FeatureState? state, long nowMs, FeatureScratch scratch) => state switch
    {
        EntryLog log => OverLog(log, nowMs, scratch),
        TiledState tiles => tiles.Read(Aggregate, OldestTile(nowMs), nowMs),
        _ => Aggregate.Empty,
    };

    private Value OverLog(EntryLog log, long nowMs, FeatureScratch scratch)
    {
        int to = offsetMs == 0 ? log.Count : log.FirstAfter(nowMs - offsetMs);
        return Aggregate.OverEntries(log, Math.Min(to, log.FirstAfter(Before(nowMs))), to, nowMs, scratch);
    }

    /// <summary>The first instant after <paramref name="nowMs"/> at which an entry enters or leaves.</summary>
    private long NextChange(FeatureState? state, long nowMs)
    {
        if (windowMs == long.MaxValue)
            return long.MaxValue;
        if (state is TiledState tiles)
            return NextTileDrop(tiles, nowMs);
        if (state is not EntryLog { Count: > 0 } log)
            return long.MaxValue;

        if (offsetMs == 0 && Aggregate is EdgeAggregate { IsLast: true })
            return After(log.TimeMs(log.Count - 1) + windowMs, nowMs);
        int leaves = log.FirstAfter(Before(nowMs));
        long next = leaves < log.Count ? log.TimeMs(leaves) + offsetMs + windowMs : long.MaxValue;
        int enters = offsetMs == 0 ? log.Count : log.FirstAfter(nowMs - offsetMs);
        return enters < log.Count ? Math.Min(next, log.TimeMs(enters) + offsetMs) : next;
    }

    private long NextTileDrop(TiledState tiles, long nowMs)
    {
        if (tiles.IsEmpty)
            return long.MaxValue;
        long oldest = Math.Max(OldestTile(nowMs), tiles.OldestIndex);
        return ((oldest + 1) * _tileMs) + windowMs;
    }

    /// <summary>A count turns "at least k" only when its k-th newest entry leaves, however often it changes before.</summary>
    private Value CompareCount(EntryLog log, EvalContext context, Comparison comparison, long constant)
    {
        int from = log.FirstAfter(Before(context.Now));
        long count = log.Count - from;
        Value result = Comparisons.Compare(Value.Int(count), comparison, Value.Int(constant));

        // The count can only fall. The largest count below this one that gives another answer:
        long turnsAt = comparison switch
        {
            Comparison.GreaterOrEqual or Comparison.Less => constant - 1,
            Comparison.Greater or Comparison.LessOrEqual => constant,
            _ => count == constant ? constant - 1 : constant,
        };
        if (turnsAt >= 0 && turnsAt < count && windowMs != long.MaxValue)
            context.Until(log.TimeMs(log.Count - 1 - (int)turnsAt) + windowMs);
        return result;
    }

    private void Expire(FeatureState? state, long nowMs)
    {
        if (state is TiledState tiles)
            tiles.DropBefore(OldestTile(nowMs));
        else if (state is EntryLog log)
            log.DropFirst(log.FirstAfter(Before(nowMs)));
    }

    private EntryLog Unite(EntryLog log, EntryLog other)
    {
        for (int i = 0; i < other.Count; i++)
            log.Add(new Entry(other.TimeMs(i), other.Bits(i), other.Text(i)));
        log.IsTruncated |= other.IsTruncated;
        KeepNewest(log);
        return log;
    }

    private void KeepNewest(EntryLog log)
    {
        if (log.Count <= exactMax)
            return;
        log.DropFirst(log.Count - exactMax);
        log.IsTruncated = true;
    }

    private TiledState ToTiles(EntryLog log)
    {
        TiledState tiles = Aggregate.NewTiles();
        for (int i = 0; i < log.Count; i++)
            tiles.Add(Aggregate, TileOf(log.TimeMs(i)), new Entry(log.TimeMs(i), log.Bits(i), log.Text(i)));
        return tiles;
    }

    /// <summary>Entries at or before this have left.</summary>
    private long Before(long nowMs) => windowMs == long.MaxValue ? long.MinValue : nowMs - offsetMs - windowMs;

    private long OldestTile(long nowMs) => FloorDivide(nowMs - windowMs, _tileMs);

    private long TileOf(long timeMs) => FloorDivide(timeMs, _tileMs);

    private static long After(long instant, long nowMs) => instant > nowMs ? instant : long.MaxValue;

    private static long FloorDivide(long value, long by) => value >= 0 ? value / by : -((-value + by - 1) / by);
}
