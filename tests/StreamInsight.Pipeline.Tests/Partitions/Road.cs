using System.Collections.Concurrent;
using StreamInsight.Pipeline.Partitions;

namespace StreamInsight.Pipeline.Tests.Partitions;

/// <summary>The road to one partition: what is sent arrives when the road is open, in order, and one in three messages twice.</summary>
internal sealed class Road(int partition) : IEventSource
{
    private readonly ConcurrentQueue<byte[]> _under = new();
    private readonly WakeSignal _news = new();
    private long _offset;

    public bool IsOpen { get; set; } = true;

    public string Name => "handover";

    public bool CarriesHandovers => true;

    public long? Lag => _under.Count;

    public void Put(ReadOnlyMemory<byte> body)
    {
        _under.Enqueue(body.ToArray());
        if (_under.Count % 3 == 0)
            _under.Enqueue(body.ToArray());
        _news.Set();
    }

    public void Open()
    {
        IsOpen = true;
        _news.Set();
    }

    public Task StartAsync(IReadOnlyDictionary<string, long> applied, CancellationToken cancel) => Task.CompletedTask;

    public async ValueTask<bool> ReadAsync(RecordBatch batch, CancellationToken cancel)
    {
        while (_under.IsEmpty || !IsOpen)
            await _news.WaitAsync().WaitAsync(cancel);
        while (!batch.IsFull && _under.TryDequeue(out byte[]? body))
            batch.Add(body, 0, $"handover/{partition}", _offset++);
        batch.HorizonMs = long.MaxValue;
        batch.IsCaughtUp = true;
        return true;
    }

    public void Committed(IReadOnlyDictionary<string, long> applied)
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
