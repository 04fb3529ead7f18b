using System.Threading.Channels;
using StreamInsight.Events;

namespace StreamInsight.Pipeline;

/// <summary>
/// Reads one source and decodes ahead of the worker, on its own task. It has a few batches and uses them in turn: when all of them wait for the worker,
/// it reads no further, and so the source pauses.
/// </summary>
public sealed class SourcePump
{
    private const int BatchesAhead = 8;

    private readonly IEventSource _source;
    private readonly RecordReader _reader;
    private readonly ChannelWriter<DecodedBatch> _intake;
    private readonly WakeSignal _worker;
    private readonly Channel<DecodedBatch> _free = Channel.CreateBounded<DecodedBatch>(BatchesAhead);

    internal SourcePump(IEventSource source, EventSchema schema, ChannelWriter<DecodedBatch> intake, WakeSignal worker)
    {
        _source = source;
        _reader = new RecordReader(schema);
        _intake = intake;
        _worker = worker;
        for (int i = 0; i < BatchesAhead; i++)
            _free.Writer.TryWrite(new DecodedBatch(this));
    }

    public IEventSource Source => _source;

    /// <summary>Nothing more is read: the source has no more, or the pump was stopped. Set before the worker is woken.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The source has no more and said so. A pump that was stopped leaves records behind, and timers go on waiting for those.</summary>
    internal bool IsExhausted { get; private set; }

    /// <summary>Of what the worker has applied from here: no later record is expected below this record time. Written by the worker.</summary>
    internal long HorizonMs { get; set; } = RecordBatch.NoHorizon;

    /// <summary>The greatest record time the worker has applied from here; written by the worker.</summary>
    internal long LastRecordTimeMs { get; set; } = RecordBatch.NoHorizon;

    internal bool IsCaughtUp { get; set; }

    /// <summary>Runs until the source ends or it is stopped; what was read before is in the intake by then.</summary>
    internal async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                DecodedBatch batch = await _free.Reader.ReadAsync(stop);
                batch.Clear();
                if (!await _source.ReadAsync(batch.Records, stop))
                {
                    IsExhausted = true;
                    break;
                }
                batch.Decode(_reader);
                await _intake.WriteAsync(batch, stop);
                _worker.Set();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped: what was read and not handed over is read again after the next start.
        }
        finally
        {
            HasEnded = true;
            _worker.Set();
        }
    }

    /// <summary>The worker has applied a batch from here.</summary>
    internal void HasApplied(DecodedBatch batch)
    {
        LastRecordTimeMs = Math.Max(LastRecordTimeMs, batch.LastRecordTimeMs);
        HorizonMs = Math.Max(HorizonMs, batch.HorizonMs);
        IsCaughtUp = batch.IsCaughtUp;
    }

    /// <summary>The worker is done with a batch.</summary>
    internal void Return(DecodedBatch batch) => _free.Writer.TryWrite(batch);
}
