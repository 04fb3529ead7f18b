using StreamInsight.Events;

namespace StreamInsight.Pipeline;

/// <summary>
/// A run of records and the messages decoded from them. Filled by its pump, read by the worker, given back to the pump: one owner at a time, no garbage.
/// </summary>
public sealed class DecodedBatch
{
    private readonly List<CustomerEvent> _events = [];
    private readonly List<int> _recordOf = [];

    internal DecodedBatch(SourcePump pump) => Pump = pump;

    public RecordBatch Records { get; } = new();

    /// <summary>Messages in it.</summary>
    public int Count { get; private set; }

    /// <summary>No later record of this source is expected below this record time.</summary>
    public long HorizonMs { get; private set; }

    public bool IsCaughtUp => Records.IsCaughtUp;

    /// <summary>The greatest record time of a decoded message in it; <see cref="RecordBatch.NoHorizon"/> = none.</summary>
    public long LastRecordTimeMs { get; private set; }

    internal SourcePump Pump { get; }

    public CustomerEvent Event(int index) => _events[index];

    public SourceRecord RecordOf(int index) => Records[_recordOf[index]];

    /// <summary>By source partition, the last offset in it; a partition may come more than once, later ones count.</summary>
    internal IEnumerable<(string Source, long Offset)> LastOffsets()
    {
        for (int i = 0; i < Records.Count; i++)
        {
            SourceRecord record = Records[i];
            if (i == Records.Count - 1 || !ReferenceEquals(Records[i + 1].Source, record.Source))
                yield return (record.Source, record.Offset);
        }
    }

    internal void Decode(RecordReader reader)
    {
        Count = 0;
        LastRecordTimeMs = RecordBatch.NoHorizon;
        if (Pump.Source.CarriesHandovers)
        {
            HorizonMs = Records.HorizonMs;
            return;
        }
        for (int record = 0; record < Records.Count; record++)
        {
            SourceRecord source = Records[record];
            reader.Begin(source.Bytes, source.RecordTimeMs == SourceRecord.TimeInMessage ? RecordSource.File : RecordSource.At(source.RecordTimeMs));
            while (reader.Next(Next()))
            {
                CustomerEvent decoded = _events[Count];
                if (decoded.IsDecoded)
                    LastRecordTimeMs = Math.Max(LastRecordTimeMs, decoded.RecordTimeMs);
                _recordOf.Add(record);
                Count++;
            }
        }
        HorizonMs = Records.HorizonMs == RecordBatch.NoHorizon ? LastRecordTimeMs : Records.HorizonMs;
    }

    internal void Clear()
    {
        Records.Clear();
        _recordOf.Clear();
        Count = 0;
    }

    private CustomerEvent Next()
    {
        if (Count == _events.Count)
            _events.Add(new CustomerEvent());
        return _events[Count];
    }
}
