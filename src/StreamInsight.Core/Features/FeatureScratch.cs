using StreamInsight.Definitions;

namespace StreamInsight.Features;

/// <summary>Working memory for reading features, owned by one engine and reused.</summary>
public sealed class FeatureScratch
{
    private readonly Dictionary<PropertyType, ValueTable> _tables = [];

    public HashSet<string> Texts { get; } = new(StringComparer.Ordinal);

    public HashSet<long> Bits { get; } = [];

    public HashSet<double> Doubles { get; } = [];

    /// <summary>An empty table of at most <paramref name="limit"/> values.</summary>
    public ValueTable Table(PropertyType type, int limit)
    {
        if (!_tables.TryGetValue(type, out ValueTable? table) || table.Limit != limit)
            _tables[type] = table = new ValueTable(type, limit);
        table.Clear();
        return table;
    }
}
