namespace StreamInsight.Pipeline.Replay;

/// <summary>Cuts a stream into blocks of whole lines; a block's buffer is the block's, so blocks may be worked on side by side.</summary>
internal sealed class LineReader(Stream input, int blockBytes)
{
    private byte[] _carry = [];
    private int _carryLength;
    private bool _atEnd;

    /// <summary>Bytes read so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Fills <paramref name="buffer"/> (grown for a longer line) with whole lines; returns their length, 0 = there are no more.</summary>
    public int Read(ref byte[] buffer)
    {
        if (buffer.Length < Math.Max(blockBytes, _carryLength))
            buffer = new byte[Math.Max(blockBytes, _carryLength * 2)];
        _carry.AsSpan(0, _carryLength).CopyTo(buffer);
        int length = _carryLength;
        _carryLength = 0;
        while (true)
        {
            while (!_atEnd && length < buffer.Length)
            {
                int read = input.Read(buffer, length, buffer.Length - length);
                _atEnd = read == 0;
                length += read;
                Bytes += read;
            }

            if (_atEnd)
                return length;
            int end = buffer.AsSpan(0, length).LastIndexOf((byte)'\n') + 1;
            if (end > 0)
            {
                Carry(buffer.AsSpan(end, length - end));
                return end;
            }

            Array.Resize(ref buffer, buffer.Length * 2);   // one line longer than the block
        }
    }

    private void Carry(ReadOnlySpan<byte> rest)
    {
        if (_carry.Length < rest.Length)
            _carry = new byte[Math.Max(rest.Length, 64 * 1024)];
        rest.CopyTo(_carry);
        _carryLength = rest.Length;
    }
}
