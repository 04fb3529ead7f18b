using System.Buffers.Binary;
using System.Text;

namespace StreamInsight.Redis.State;

/// <summary>Reads what <see cref="RowWriter"/> has written.</summary>
internal ref struct RowReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public byte ReadByte() => Take(1)[0];

    public int ReadInt() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long ReadLong() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public string ReadHead() => Encoding.UTF8.GetString(Take(BinaryPrimitives.ReadInt32BigEndian(Take(4))));

    public string? ReadText() => ReadInt() is >= 0 and var length ? Encoding.UTF8.GetString(Take(length)) : null;

    public byte[] ReadBytes() => Take(ReadInt()).ToArray();

    public byte[] ReadRest() => Take(_rest.Length).ToArray();

    public readonly bool IsAtEnd => _rest.IsEmpty;

    private ReadOnlySpan<byte> Take(int length)
    {
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
