namespace StreamInsight.Pipeline;

/// <summary>Reads a stream line by line as bytes. A line's bytes, its end (LF or CR LF) not included, are valid until the next read.</summary>
internal sealed class LineReader(Stream stream)
{
    private byte[] _buffer = new byte[256 * 1024];
    private int _start;
    private int _end;
    private bool _atEnd;

    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancel)
    {
        int searched = _start;
        while (true)
        {
            int found = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            if (found >= 0)
                return Take(searched + found, searched + found + 1);
            if (_atEnd && _start == _end)
                return null;
            if (_atEnd)
                return Take(_end, _end);
            searched = _end - _start;
            MakeRoom();
            int read = await stream.ReadAsync(_buffer.AsMemory(_end), cancel);
            _atEnd = read == 0;
            _end += read;
        }
    }

    private ReadOnlyMemory<byte> Take(int lineEnd, int next)
    {
        ReadOnlyMemory<byte> line = _buffer.AsMemory(_start, lineEnd - _start);
        _start = next;
        return line.Length > 0 && line.Span[^1] == (byte)'\r' ? line[..^1] : line;
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, _buffer.Length * 2);
    }
}
