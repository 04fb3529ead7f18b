using System.Buffers.Binary;
using System.Text;

namespace StreamInsight.Redis.State;

/// <summary>Writes one stored value: numbers little-endian, texts and bytes behind their length. Read by <see cref="RowReader"/>.</summary>
internal struct RowWriter(int capacity)
{
    private const int None = -1;

    private byte[] _bytes = new byte[capacity];
    private int _length;

    /// <summary>Length (big-endian, as scripts read it) and UTF-8 of an id; what sorted sets of pairs and rows of customers begin with.</summary>
    public static byte[] Head(string id)
    {
        var row = new RowWriter(4 + Encoding.UTF8.GetMaxByteCount(id.Length));
        row.WriteHead(id);
        return row.ToArray();
    }

    public void WriteByte(byte value) => Take(1)[0] = value;

    public void WriteInt(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(4), value);

    public void WriteLong(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    public void WriteHead(string id)
    {
        int length = Encoding.UTF8.GetByteCount(id);
        BinaryPrimitives.WriteInt32BigEndian(Take(4), length);
        Encoding.UTF8.GetBytes(id, Take(length));
    }

    /// <summary>Null is not the empty text.</summary>
    public void WriteText(string? text)
    {
        WriteInt(text is null ? None : Encoding.UTF8.GetByteCount(text));
        if (text is not null)
            Encoding.UTF8.GetBytes(text, Take(Encoding.UTF8.GetByteCount(text)));
    }

    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        WriteInt(bytes.Length);
        WriteRest(bytes);
    }

    /// <summary>The last part needs no length.</summary>
    public void WriteRest(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    public readonly byte[] ToArray() => _length == _bytes.Length ? _bytes : _bytes[.._length];

    private Span<byte> Take(int length)
    {
        if (_bytes.Length - _length < length)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + length));
        _length += length;
        return _bytes.AsSpan(_length - length, length);
    }
}
