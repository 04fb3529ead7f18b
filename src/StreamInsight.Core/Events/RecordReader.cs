namespace StreamInsight.Events;

/// <summary>
/// Reads a record (a line of a file without its end, the value of a Kafka record) as the messages it holds: itself, or those of its batch.
/// <code>
/// reader.Begin(line, source);
/// while (reader.Next(target)) { … }
/// </code>
/// Reusable; owned by one thread. Blank lines are no records: ask <see cref="IsBlank"/> first.
/// </summary>
public sealed class RecordReader(EventSchema schema)
{
    private readonly MessageDecoder _decoder = new(schema);
    private readonly MessageBatch _batch = new();
    private ReadOnlyMemory<byte> _record;
    private RecordSource _source;
    private Reading _reading;
    private int _next;

    private enum Reading : byte
    {
        Done,
        NotBegun,
        Batch,
    }

    public EventSchema Schema => _decoder.Schema;

    /// <summary>True if there is nothing but spaces, tabs and line ends.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(" \t\r\n"u8) < 0;

    /// <summary>Starts a record. The text must stay as it is until the last event read from it is done with.</summary>
    public void Begin(ReadOnlyMemory<byte> record, RecordSource source)
    {
        _record = record;
        _source = source;
        _reading = Reading.NotBegun;
    }

    /// <summary>The next message of the record, decoded or refused, with its <see cref="CustomerEvent.BatchIndex"/>; false = there are no more.</summary>
    public bool Next(CustomerEvent target)
    {
        if (_reading == Reading.Done)
            return false;
        if (_reading == Reading.NotBegun)
        {
            // Nearly every record is one good message, so it is read as one before anything else is asked.
            _decoder.Decode(_record, default, _source, target);
            _reading = Reading.Done;
            if (!MayBeBatch(target.Refusal) || _batch.Read(_record) != BatchKind.Batch)
                return true;
            _reading = Reading.Batch;
            _next = 0;
        }

        if (_next == _batch.Messages.Count)
        {
            _reading = Reading.Done;
            return false;
        }

        _decoder.Decode(_batch.Messages[_next], _batch.Defaults, _source, target);
        target.BatchIndex = _next++;
        target.Inherited = _batch.Defaults;
        return true;
    }

    /// <summary>Decodes one message that was taken out of its batch, as it was in there.</summary>
    public void ReadOne(ReadOnlyMemory<byte> message, in BatchDefaults inherited, int batchIndex, RecordSource source, CustomerEvent target)
    {
        _decoder.Decode(message, inherited, source, target);
        target.BatchIndex = batchIndex;
        target.Inherited = inherited;
    }

    /// <summary>A batch may be larger and deeper than any message.</summary>
    private bool MayBeBatch(Refusal refusal) => _decoder.WasBatch || refusal is Refusal.TooLarge or Refusal.TooDeep;
}
