using System.Collections.Concurrent;
using System.Text;

namespace StreamInsight.Pipeline.Tests.Setting;

/// <summary>A source that delivers what a test puts in, and remembers what it was told.</summary>
public sealed class ScriptedSource(string partition = "topic/0") : IEventSource
{
    private readonly ConcurrentQueue<(string Json, long RecordMs, long Offset)> _records = new();
    private readonly WakeSignal _news = new();
    private long _offset = -1;
    private int _read;

    public string Name => "scripted";

    public long? Lag => _records.Count;

    /// <summary>Where the pipeline told it to go on; null = from the beginning.</summary>
    public long? StartedAfter { get; private set; }

    /// <summary>The last offset it was told is durable.</summary>
    public long CommittedOffset { get; private set; } = -1;

    /// <summary>Of the last record put in.</summary>
    public long LastOffset => _offset;

    /// <summary>Records read so far.</summary>
    public int Read => Volatile.Read(ref _read);

    /// <summary>What it tells as its horizon while it is caught up; by default far ahead, so that the wall clock decides.</summary>
    public long HorizonMs { get; set; } = long.MaxValue;

    public bool IsCaughtUp { get; set; } = true;

    public bool Ends { get; set; }

    /// <summary>Next offset unless given.</summary>
    public void Put(string json, long recordMs, long? offset = null)
    {
        _offset = offset ?? _offset + 1;
        _records.Enqueue((json, recordMs, _offset));
        _news.Set();
    }

    /// <summary>Makes it return from its wait with an empty batch.</summary>
    public void Beat() => _news.Set();

    public Task StartAsync(IReadOnlyDictionary<string, long> applied, CancellationToken cancel)
    {
        StartedAfter = applied.TryGetValue(partition, out long offset) ? offset : null;
        return Task.CompletedTask;
    }

    public async ValueTask<bool> ReadAsync(RecordBatch batch, CancellationToken cancel)
    {
        while (_records.IsEmpty)
        {
            if (Ends)
                return false;
            await _news.WaitAsync().WaitAsync(cancel);
            if (_records.IsEmpty && !Ends)
                break;
        }
        while (!batch.IsFull && _records.TryDequeue(out (string Json, long RecordMs, long Offset) record))
        {
            batch.Add(Encoding.UTF8.GetBytes(record.Json), record.RecordMs, partition, record.Offset);
            Interlocked.Increment(ref _read);
        }
        batch.IsCaughtUp = IsCaughtUp;
        if (IsCaughtUp)
            batch.HorizonMs = HorizonMs;
        return true;
    }

    public void Committed(IReadOnlyDictionary<string, long> applied)
    {
        if (applied.TryGetValue(partition, out long offset))
            CommittedOffset = offset;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
