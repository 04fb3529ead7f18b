using StreamInsight.Expressions;

namespace StreamInsight.Features;

/// <summary>The bounded memory a windowed feature changes to once it has more entries than it may keep.</summary>
public abstract class TiledState : FeatureState
{
    public abstract bool IsEmpty { get; }

    /// <summary>Index of the oldest tile; only when not empty.</summary>
    public abstract long OldestIndex { get; }

    /// <summary>Lets every tile below <paramref name="index"/> go.</summary>
    public abstract void DropBefore(long index);

    /// <summary>The value over every tile from <paramref name="oldest"/> on.</summary>
    public abstract Value Read(WindowAggregate aggregate, long oldest, long nowMs);

    public abstract void Add(WindowAggregate aggregate, long index, in Entry entry);

    /// <summary>Takes the other's tiles in. On equal times this side's entries count as first.</summary>
    public abstract void Absorb(WindowAggregate aggregate, TiledState other);
}
