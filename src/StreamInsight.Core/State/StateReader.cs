using System.Buffers.Binary;
using System.Text;

namespace StreamInsight.State;

/// <summary>Reads what <see cref="StateWriter"/> wrote. Anything that does not fit is an <see cref="InvalidDataException"/>: the row is corrupt.</summary>
public ref struct StateReader(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> _rest = data;

    public readonly bool AtEnd => _rest.IsEmpty;

    public byte ReadByte() => Take(1)[0];

    public ulong ReadUnsigned()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            byte next = ReadByte();
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }

        throw new InvalidDataException("State: an integer is too long.");
    }

    public long ReadSigned()
    {
        ulong value = ReadUnsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A count of things that take at least one byte each, so that a corrupt row cannot ask for much memory.</summary>
    public int ReadCount()
    {
        ulong value = ReadUnsigned();
        if (value > (ulong)_rest.Length)
            throw new InvalidDataException("State: a count is larger than the rest of the row.");
        return (int)value;
    }

    public int ReadInt(int limit)
    {
        ulong value = ReadUnsigned();
        if (value >= (ulong)limit)
            throw new InvalidDataException($"State: {value} where less than {limit} is allowed.");
        return (int)value;
    }

    public long ReadBits() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    /// <summary>What <see cref="StateWriter.WriteBytes"/> wrote, as a copy.</summary>
    public byte[] ReadBytes() => Take(ReadCount()).ToArray();

    public string? ReadText()
    {
        ulong length = ReadUnsigned();
        if (length == 0)
            return null;
        if (length - 1 > (ulong)_rest.Length)
            throw new InvalidDataException("State: a text is longer than the rest of the row.");
        return Encoding.UTF8.GetString(Take((int)length - 1));
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
            throw new InvalidDataException("State: the row ends too early.");
        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
