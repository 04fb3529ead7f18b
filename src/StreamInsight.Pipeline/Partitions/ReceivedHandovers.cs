using System.Globalization;
using StreamInsight.Events;

namespace StreamInsight.Pipeline.Partitions;

/// <summary>
/// Batches from other partitions until their turn. They are about records of other sources; what this partition's own sources took before those comes first, as it would in a
/// replay, which reads all sources merged by record time. So a batch waits until the own sources are known up to its latest record, or up to when it came.
/// </summary>
internal sealed class ReceivedHandovers
{
    private readonly Queue<(DecodedBatch Batch, long UntilMs, long CameMs)> _waiting = [];
    private readonly List<string> _senders = [];

    /// <param name="nowMs">UTC ms. A source that had nothing more at this time has told all it knew, also where a record time lies in the future.</param>
    public void Add(DecodedBatch batch, long nowMs)
    {
        long untilMs = RecordBatch.NoHorizon;
        for (int i = 0; i < batch.Records.Count; i++)
        {
            if (Read(batch.Records[i]) is { } parcel)
                untilMs = Math.Max(untilMs, RecordTimeMs(parcel));
        }
        _waiting.Enqueue((batch, untilMs, nowMs));
    }

    /// <summary>The next batch whose turn has come; null = none.</summary>
    /// <param name="waits">False: the own sources stand still, so nothing waits for them.</param>
    public DecodedBatch? TakeReady(List<SourcePump> pumps, bool waits = true)
    {
        if (_waiting.Count == 0)
            return null;
        (_, long untilMs, long cameMs) = _waiting.Peek();
        foreach (SourcePump pump in pumps)
        {
            if (waits && !pump.Source.CarriesHandovers && !pump.IsExhausted && pump.HorizonMs < (pump.IsCaughtUp ? Math.Min(untilMs, cameMs) : untilMs))
                return null;
        }
        return _waiting.Dequeue().Batch;
    }

    /// <summary>Puts what has not been applied yet into a run; a sender may tell a message again, its number says so. Gives how many were left out.</summary>
    public int AddTo(MessageRun run, DecodedBatch batch, AppliedPositions positions)
    {
        for (int i = 0; i < batch.Records.Count; i++)
        {
            SourceRecord record = batch.Records[i];
            if (!positions.IsNew(record.Source, record.Offset))
                continue;
            if (Read(record) is null)
            {
                run.Refuse(new RefusedMessage(record.Position(), Refusal.NotJson, record.RecordTimeMs, record.Bytes));
                continue;
            }
            (int from, long number) = HandoverCodec.ReadHead(record.Bytes.Span);
            if (number != HandoverCodec.Unnumbered)
            {
                if (!positions.IsNew(Sender(from), number))
                    continue;
                positions.Applied(Sender(from), number);
            }
            run.AddHandover(record.Bytes);
        }
        return batch.Records.Count - run.Count;
    }

    /// <summary>Null: it is none of ours, somebody else writes to the topic. What a newer release wrote is an error: passed over, it would be lost.</summary>
    private static Parcel? Read(SourceRecord record)
    {
        try
        {
            return HandoverCodec.Decode(record.Bytes);
        }
        catch (InvalidDataException) when (!HandoverCodec.IsOfNewerRelease(record.Bytes.Span))
        {
            return null;
        }
    }

    /// <summary>Under which name the position of a sending partition is kept.</summary>
    private string Sender(int partition)
    {
        while (_senders.Count <= partition)
            _senders.Add(string.Create(CultureInfo.InvariantCulture, $"from/{_senders.Count}"));
        return _senders[partition];
    }

    private static long RecordTimeMs(Parcel parcel) => parcel switch
    {
        EventParcel message => message.RecordTimeMs,
        MergeClaim claim => claim.RecordTimeMs,
        _ => RecordBatch.NoHorizon,
    };
}
