using System.Diagnostics.CodeAnalysis;

namespace StreamInsight.Expressions;

/// <summary>
/// A map of CEL: keys are bool, int, uint or string, numbers are one key if they are equal (1, 1u and 1.0), order is that of insertion.
/// Immutable; equal content is judged by <see cref="Comparisons"/>.
/// </summary>
public sealed class CelMap
{
    public static readonly CelMap Empty = new([]);

    private const int LinearUpTo = 8;

    private readonly KeyValuePair<Value, Value>[] _entries;
    private readonly Dictionary<Value, int>? _index;

    private CelMap(KeyValuePair<Value, Value>[] entries, Dictionary<Value, int>? index = null)
    {
        _entries = entries;
        _index = index;
    }

    public int Count => _entries.Length;

    /// <summary>In order of insertion.</summary>
    public ReadOnlySpan<KeyValuePair<Value, Value>> Entries => _entries;

    /// <summary>
    /// Builds a map that owns the array. False, with the first offending key, if a key repeats or is of a kind that cannot be one.
    /// </summary>
    public static bool TryCreate(KeyValuePair<Value, Value>[] entries, [NotNullWhen(true)] out CelMap? map, out Value badKey)
    {
        var index = entries.Length > LinearUpTo ? new Dictionary<Value, int>(entries.Length, KeyComparer.Instance) : null;
        map = null;
        for (var i = 0; i < entries.Length; i++)
        {
            badKey = entries[i].Key;
            if (badKey.Kind is not (ValueKind.Bool or ValueKind.Int or ValueKind.Uint or ValueKind.String))
                return false;
            if (index is not null ? !index.TryAdd(badKey, i) : Find(entries.AsSpan(0, i), badKey) >= 0)
                return false;
        }
        badKey = default;
        map = new CelMap(entries, index);
        return true;
    }

    public bool TryGet(in Value key, out Value value)
    {
        int at;
        if (_index is null)
            at = Find(_entries, key);
        else if (!_index.TryGetValue(key, out at))
            at = -1;
        value = at < 0 ? default : _entries[at].Value;
        return at >= 0;
    }

    public bool TryGet(string key, out Value value) => TryGet(Value.String(key), out value);

    private static int Find(ReadOnlySpan<KeyValuePair<Value, Value>> entries, in Value key)
    {
        for (var i = 0; i < entries.Length; i++)
            if (KeyComparer.AreEqual(entries[i].Key, key))
                return i;
        return -1;
    }

    private sealed class KeyComparer : IEqualityComparer<Value>
    {
        public static readonly KeyComparer Instance = new();

        public static bool AreEqual(in Value x, in Value y) => x.Kind switch
        {
            ValueKind.String => y.Kind == ValueKind.String && string.Equals(x.AsString, y.AsString),
            ValueKind.Bool => y.Kind == ValueKind.Bool && x.Bits == y.Bits,
            ValueKind.Int or ValueKind.Uint => y.Kind is ValueKind.Int or ValueKind.Uint or ValueKind.Double && Comparisons.AreEqual(x, y),
            _ => false,
        };

        public bool Equals(Value x, Value y) => AreEqual(x, y);

        public int GetHashCode(Value key) => key.Kind switch
        {
            ValueKind.String => key.AsString.GetHashCode(StringComparison.Ordinal),
            ValueKind.Double => ((double)key.AsDouble).GetHashCode(),
            ValueKind.Int => ((double)key.AsInt).GetHashCode(),
            ValueKind.Uint => ((double)key.AsUint).GetHashCode(),
            _ => key.Bits.GetHashCode(),
        };
    }
}
