using StreamInsight.Expressions;

namespace StreamInsight.Features;

/// <summary>
/// What a feature computes over entries in order, and over tiles. Stateless and shared. Laws: <see cref="OverEntries"/> depends on the entries alone;
/// adding entries to tiles in any order and combining tiles in any grouping give the same value (up to rounding of doubles);
/// over one entry a tile, tiles give what entries give.
/// </summary>
public abstract class WindowAggregate
{
    /// <summary>The type of the value; every value may be null unless the aggregate has a zero.</summary>
    public abstract CelType ResultType { get; }

    /// <summary>The type of what a feature reads: nullable unless there always is a value.</summary>
    public virtual CelType ReadType => Empty.IsNull ? CelType.Nullable(ResultType) : ResultType;

    /// <summary>The value over nothing: null, or zero for count, distinct, sequence, sessions, decayed and sum.</summary>
    public virtual Value Empty => Value.Null;

    /// <summary>False: the newest entries are kept instead of tiles.</summary>
    public virtual bool HasTiles => true;

    /// <summary>It adds the entries' doubles in order, so that a sum may run along.</summary>
    public virtual bool SumsDoubles => false;

    /// <summary>The value over the entries [from, to) at <paramref name="nowMs"/>.</summary>
    public abstract Value OverEntries(in EntryLog log, int from, int to, long nowMs, FeatureScratch scratch);

    public virtual TiledState NewTiles() => new TileLog();

    public virtual void AddTo(ref Tile tile, in Entry entry) => throw NoTiles();

    /// <summary>Takes another tile's entries in; on equal times this side's count as first.</summary>
    public virtual void Combine(ref Tile tile, in Tile other) => throw NoTiles();

    /// <summary>The value over tiles, oldest first.</summary>
    public virtual Value OverTiles(ReadOnlySpan<Tile> tiles, long nowMs) => throw NoTiles();

    private InvalidOperationException NoTiles() => new($"{GetType().Name} keeps no tiles.");
}
