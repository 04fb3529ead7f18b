namespace StreamInsight.Pipeline;

/// <summary>
/// A bounded, reusable run of records. The source adds until <see cref="IsFull"/>; bytes are copied once into one buffer, so a source may reuse its own.
/// One owner at a time; cleared before it is filled again.
/// </summary>
public sealed class RecordBatch(int maxRecords = RecordBatch.DefaultMaxRecords, int maxBytes = RecordBatch.DefaultMaxBytes)
{
    public const int DefaultMaxRecords = 1024;

    public const int DefaultMaxBytes = 1 << 20;

    public const long NoHorizon = long.MinValue;

    private readonly List<Entry> _entries = new(Math.Min(maxRecords, DefaultMaxRecords));
    private byte[] _bytes = new byte[Math.Min(maxBytes, 64 * 1024)];
    private int _used;

    public int Count => _entries.Count;

    /// <summary>Bytes of all records in it.</summary>
    public int ByteCount => _used;

    public bool IsEmpty => _entries.Count == 0;

    /// <summary>Nothing more should be added. A record larger than the limit of bytes is still taken whole when it is the first.</summary>
    public bool IsFull => _entries.Count >= maxRecords || _used >= maxBytes;

    /// <summary>
    /// Set by the source with every read: it expects to deliver no later record with a record time below this. Caught up: the wall clock just before it looked;
    /// with a backlog: the record time of the last record delivered (least over partitions that still have one). Customers' timers wait for it,
    /// so that a backlog after a restart is applied before the wall clock moves its customers on. <see cref="NoHorizon"/> (the default) = the last record's time.
    /// </summary>
    public long HorizonMs { get; set; } = NoHorizon;

    /// <summary>Set by the source: nothing was waiting behind this batch.</summary>
    public bool IsCaughtUp { get; set; }

    /// <summary>A record; its bytes are valid until <see cref="Clear"/>, provided nothing is added any more.</summary>
    public SourceRecord this[int index]
    {
        get
        {
            Entry entry = _entries[index];
            return new SourceRecord(_bytes.AsMemory(entry.Start, entry.Length), entry.RecordTimeMs, entry.Source, entry.Offset);
        }
    }

    public void Add(ReadOnlySpan<byte> bytes, long recordTimeMs, string source, long offset)
    {
        if (_bytes.Length - _used < bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _used + bytes.Length));
        bytes.CopyTo(_bytes.AsSpan(_used));
        _entries.Add(new Entry(_used, bytes.Length, recordTimeMs, source, offset));
        _used += bytes.Length;
    }

    public void Clear()
    {
        _entries.Clear();
        _used = 0;
        HorizonMs = NoHorizon;
        IsCaughtUp = false;
    }

    private readonly record struct Entry(int Start, int Length, long RecordTimeMs, string Source, long Offset);
}
