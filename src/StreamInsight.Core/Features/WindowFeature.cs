using StreamInsight.Expressions;
using StreamInsight.Features.Aggregates;
using StreamInsight.State;

namespace StreamInsight.Features;

/// <summary>
/// A feature over entries with <c>now − O − W &lt; t ≤ now − O</c>. Keeps at most <paramref name="exactMax"/> entries; one more changes it to tiles of
/// ceil(W / 60) ms until it is empty, or, where tiles cannot serve (an offset, last_k, sequence, sessions, no window), lets the first in order go.
/// </summary>
/// <param name="region">As <see cref="RegionIn"/> makes it.</param>
/// <param name="windowMs">W; <see cref="long.MaxValue"/> = the customer's whole life.</param>
/// <param name="offsetMs">O.</param>
public sealed class WindowFeature(string name, WindowAggregate aggregate, MemoryRegion region, long windowMs, long offsetMs, int exactMax)
    : Feature(name, aggregate.ReadType, region)
{
    private const int TilesInWindow = 60;

    private readonly bool _hasTiles = aggregate.HasTiles && offsetMs == 0 && windowMs != long.MaxValue;
    private readonly long _tileMs = Math.Max(1, (windowMs / TilesInWindow) + (windowMs % TilesInWindow == 0 ? 0 : 1));

    private WindowAggregate Aggregate => aggregate;

    /// <param name="hasBits">Its entries have a number.</param>
    /// <param name="hasTexts">Its entries have a text.</param>
    public static MemoryRegion RegionIn(MemoryLayout layout, WindowAggregate aggregate, bool hasBits, bool hasTexts) =>
        layout.Add(hasBits ? 2 : 1, hasTexts, aggregate.SumsDoubles);

    public override void Observe(ref CustomerMemory memory, in Entry entry, long nowMs)
    {
        if (memory.State(Region) is TiledState tiles)
        {
            long oldest = OldestTile(nowMs);
            tiles.DropBefore(oldest);
            if (!tiles.IsEmpty)
            {
                if (TileOf(entry.TimeMs) >= oldest)
                    tiles.Add(Aggregate, TileOf(entry.TimeMs), entry);
                return;
            }

            memory.SetState(Region, null);   // run empty: exact again
        }

        if (entry.TimeMs <= Before(nowMs))
            return;

        int count = Expire(ref memory, nowMs);
        if (count == 0)
            memory.SetTruncated(Region, false);
        if (count >= exactMax && _hasTiles)
        {
            ToTiles(ref memory).Add(Aggregate, TileOf(entry.TimeMs), entry);
            return;
        }

        memory.Add(Region, entry);
        KeepNewest(ref memory, count + 1);
    }

    public override Value Read(ref CustomerMemory memory, EvalContext context, FeatureScratch scratch)
    {
        Value value = ValueAt(ref memory, context.Now, scratch);
        context.Until(NextChange(ref memory, context.Now));
        if (Aggregate is DecayedAggregate decayed && !IsUntouched(ref memory))
            context.Until(DecayedCrossing.NextLook(context.Now, decayed));
        return value;
    }

    public override Value Compare(ref CustomerMemory memory, EvalContext context, FeatureScratch scratch, Comparison comparison, Value constant)
    {
        if (Aggregate is CountAggregate && memory.State(Region) is null && offsetMs == 0 && constant.Kind == ValueKind.Int)
            return CompareCount(memory.Log(Region), context, comparison, constant.AsInt);
        if (Aggregate is not DecayedAggregate decayed || IsUntouched(ref memory))
            return base.Compare(ref memory, context, scratch, comparison, constant);

        long next = NextChange(ref memory, context.Now);
        context.Until(next);
        Value value = ValueAt(ref memory, context.Now, scratch);
        return DecayedCrossing.Compare(decayed, this, ref memory, context, scratch, value, comparison, constant, next);
    }

    public override void Merge(ref CustomerMemory into, ref CustomerMemory from, long nowMs)
    {
        Expire(ref into, nowMs);
        Expire(ref from, nowMs);
        if (IsUntouched(ref from))
            return;
        if (into.State(Region) is null && from.State(Region) is null)
        {
            EntryLog theirs = from.Log(Region);
            if (!_hasTiles || into.Cells(Region).Length / Region.Width + theirs.Count <= exactMax)
            {
                Unite(ref into, theirs);
                return;
            }
        }

        if (IsUntouched(ref into) && from.State(Region) is { } state)
        {
            into.SetState(Region, state);
            return;
        }

        TiledState tiles = into.State(Region) as TiledState ?? ToTiles(ref into);
        tiles.Absorb(Aggregate, from.State(Region) as TiledState ?? ToTiles(ref from));
    }

    public override FeatureCoverage Coverage(ref CustomerMemory memory, long nowMs, long bornMs)
    {
        bool isTruncated = memory.State(Region) is null && memory.Log(Region).IsTruncated;
        if (windowMs == long.MaxValue)
            return new FeatureCoverage("lifetime", null, true, isTruncated, false);
        bool complete = bornMs <= nowMs - offsetMs - windowMs;
        return memory.State(Region) is TiledState tiles
            ? new FeatureCoverage("tiles", (OldestTile(nowMs) * _tileMs) - 1, complete, false, tiles is ValueTable { IsCapped: true })
            : new FeatureCoverage("exact", nowMs - offsetMs - windowMs, complete, isTruncated, false);
    }

    public override void Encode(ref CustomerMemory memory, StateWriter writer)
    {
        if (memory.State(Region) is not null || !memory.HasEntries(Region))
        {
            base.Encode(ref memory, writer);
            return;
        }

        writer.WriteByte(EntryLog.StateTag);
        memory.Log(Region).Encode(Region, writer);
    }

    public override void Decode(ref CustomerMemory memory, byte tag, ref StateReader reader)
    {
        if (tag == EntryLog.StateTag)
            EntryLog.Decode(ref memory, Region, ref reader);
        else
            base.Decode(ref memory, tag, ref reader);
    }

    internal override Value ValueAt(ref CustomerMemory memory, long nowMs, FeatureScratch scratch)
    {
        if (memory.State(Region) is TiledState tiles)
            return tiles.Read(Aggregate, OldestTile(nowMs), nowMs);
        EntryLog log = memory.Log(Region);
        if (log.Count == 0 && !memory.HasEntries(Region))
            return Aggregate.Empty;
        int to = offsetMs == 0 ? log.Count : log.FirstAfter(nowMs - offsetMs);
        return Aggregate.OverEntries(log, Math.Min(to, log.FirstAfter(Before(nowMs))), to, nowMs, scratch);
    }

    /// <summary>Nothing was ever added.</summary>
    private bool IsUntouched(ref CustomerMemory memory) => memory.State(Region) is null && !memory.HasEntries(Region);

    /// <summary>The first instant after <paramref name="nowMs"/> at which an entry enters or leaves.</summary>
    private long NextChange(ref CustomerMemory memory, long nowMs)
    {
        if (windowMs == long.MaxValue)
            return long.MaxValue;
        if (memory.State(Region) is TiledState tiles)
            return NextTileDrop(tiles, nowMs);
        EntryLog log = memory.Log(Region);
        if (log.Count == 0)
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
    private Value CompareCount(in EntryLog log, EvalContext context, Comparison comparison, long constant)
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

    /// <summary>Lets go what has left; the number of entries that stay.</summary>
    private int Expire(ref CustomerMemory memory, long nowMs)
    {
        if (memory.State(Region) is TiledState tiles)
        {
            tiles.DropBefore(OldestTile(nowMs));
            return 0;
        }

        EntryLog log = memory.Log(Region);
        int gone = log.FirstAfter(Before(nowMs));
        memory.DropFirst(Region, gone);
        return log.Count - gone;
    }

    private void Unite(ref CustomerMemory into, in EntryLog theirs)
    {
        int count = into.Log(Region).Count;
        bool isTruncated = into.Log(Region).IsTruncated || theirs.IsTruncated;
        into.Reserve(Region, 1);
        for (int i = 0; i < theirs.Count; i++)
            into.Add(Region, theirs[i]);
        into.SetTruncated(Region, isTruncated);
        KeepNewest(ref into, count + theirs.Count);
    }

    private void KeepNewest(ref CustomerMemory memory, int count)
    {
        if (count <= exactMax)
            return;
        memory.DropFirst(Region, count - exactMax);
        memory.SetTruncated(Region, true);
    }

    /// <summary>Changes the entries to tiles.</summary>
    private TiledState ToTiles(ref CustomerMemory memory)
    {
        TiledState tiles = Aggregate.NewTiles();
        EntryLog log = memory.Log(Region);
        for (int i = 0; i < log.Count; i++)
            tiles.Add(Aggregate, TileOf(log.TimeMs(i)), log[i]);
        memory.DropFirst(Region, log.Count);
        memory.SetTruncated(Region, false);
        memory.SetState(Region, tiles);
        return tiles;
    }

    /// <summary>Entries at or before this have left.</summary>
    private long Before(long nowMs) => windowMs == long.MaxValue ? long.MinValue : nowMs - offsetMs - windowMs;

    private long OldestTile(long nowMs) => FloorDivide(nowMs - windowMs, _tileMs);

    private long TileOf(long timeMs) => FloorDivide(timeMs, _tileMs);

    private static long After(long instant, long nowMs) => instant > nowMs ? instant : long.MaxValue;

    private static long FloorDivide(long value, long by) => value >= 0 ? value / by : -((-value + by - 1) / by);
}
