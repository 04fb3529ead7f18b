using StreamInsight.Expressions;

namespace StreamInsight.Features;

/// <summary>An aggregate whose bounded memory is a table of values instead of a tile's few numbers.</summary>
public abstract class TableAggregate : WindowAggregate
{
    public abstract ValueTable NewTable();

    public sealed override TiledState NewTiles() => NewTable();

    /// <summary>The value over what the table counts from tile <paramref name="oldest"/> on.</summary>
    public abstract Value OverTable(ValueTable table, long oldest);
}
