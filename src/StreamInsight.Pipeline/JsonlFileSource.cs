using System.IO.Compression;
using StreamInsight.Events;

namespace StreamInsight.Pipeline;

/// <summary>
/// A file of one record a line (.gz too), as fast as the pipeline takes it or at a multiple of the pace of its record times. Ends at the end of the file.
/// </summary>
public sealed class JsonlFileSource : IEventSource
{
    private readonly string _path;
    private readonly double _speed;
    private readonly RecordReader _reader;
    private readonly CustomerEvent _event = new();
    private readonly TimeProvider _time;
    private Stream? _stream;
    private LineReader? _lines;
    private ReadOnlyMemory<byte>? _ahead;
    private long _line;
    private long _startLine;
    private long _firstRecordMs = RecordBatch.NoHorizon;
    private long _startedMs;

    /// <param name="speed">1 = as fast as it happened, 60 = a minute a second; 0 = as fast as possible.</param>
    public JsonlFileSource(string path, double speed, EventSchema schema, TimeProvider time)
    {
        _path = path;
        _speed = speed;
        _reader = new RecordReader(schema);
        _time = time;
    }

    public string Name => "file";

    public long? Lag => null;

    public async Task StartAsync(IReadOnlyDictionary<string, long> applied, CancellationToken cancel)
    {
        _stream = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16, FileOptions.SequentialScan | FileOptions.Asynchronous);
        if (_path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            _stream = new GZipStream(_stream, CompressionMode.Decompress);
        _lines = new LineReader(_stream);
        _startLine = applied.GetValueOrDefault(SourcePosition.File);
        while (_line < _startLine && await _lines.ReadAsync(cancel) is not null)
            _line++;
    }

    public async ValueTask<bool> ReadAsync(RecordBatch batch, CancellationToken cancel)
    {
        while (true)
        {
            if (_ahead is null && await NextLineAsync(cancel) is false)
                return !batch.IsEmpty;
            TimeSpan wait = WaitFor(_ahead!.Value);
            if (wait > TimeSpan.Zero)
            {
                if (!batch.IsEmpty)
                    return true;
                await Task.Delay(wait < IEventSource.Heartbeat ? wait : IEventSource.Heartbeat, _time, cancel);
                if (wait > IEventSource.Heartbeat)
                    return true;
            }
            batch.Add(_ahead.Value.Span, SourceRecord.TimeInMessage, SourcePosition.File, _line);
            _ahead = null;
            if (batch.IsFull)
                return true;
        }
    }

    public void Committed(IReadOnlyDictionary<string, long> applied)
    {
        // A file keeps everything.
    }

    public ValueTask DisposeAsync() => _stream?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async ValueTask<bool> NextLineAsync(CancellationToken cancel)
    {
        do
        {
            _ahead = await _lines!.ReadAsync(cancel);
            _line++;
        }
        while (_ahead is { } line && RecordReader.IsBlank(line.Span));
        return _ahead is not null;
    }

    /// <summary>How long until a line is due at this speed; a line whose time cannot be read goes with the one before.</summary>
    private TimeSpan WaitFor(ReadOnlyMemory<byte> line)
    {
        if (_speed <= 0)
            return TimeSpan.Zero;
        _reader.Begin(line, RecordSource.File);
        if (!_reader.Next(_event) || !_event.IsDecoded)
            return TimeSpan.Zero;
        long nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        if (_firstRecordMs == RecordBatch.NoHorizon)
            (_firstRecordMs, _startedMs) = (_event.RecordTimeMs, nowMs);
        double dueMs = _startedMs + (_event.RecordTimeMs - _firstRecordMs) / _speed;
        return TimeSpan.FromMilliseconds(Math.Ceiling(dueMs - nowMs));
    }
}
