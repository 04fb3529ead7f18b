namespace StreamInsight.Pipeline;

/// <summary>By source partition, the last offset applied. Asked per message: the source asked last is remembered.</summary>
internal sealed class AppliedPositions(IReadOnlyDictionary<string, long> stored)
{
    private readonly Dictionary<string, long> _last = new(stored, StringComparer.Ordinal);
    private string? _source;
    private long _offset;

    public IReadOnlyDictionary<string, long> All => _last;

    /// <summary>The record has not been applied yet. All messages of one record get the same answer until <see cref="Applied"/>.</summary>
    public bool IsNew(string source, long offset)
    {
        if (!ReferenceEquals(source, _source))
        {
            _source = source;
            _offset = _last.GetValueOrDefault(source, long.MinValue);
        }
        return offset > _offset;
    }

    public void Applied(string source, long offset)
    {
        _source = null;
        if (offset > _last.GetValueOrDefault(source, long.MinValue))
            _last[source] = offset;
    }
}
