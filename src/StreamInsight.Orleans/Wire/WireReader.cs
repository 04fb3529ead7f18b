using System.Buffers.Binary;
using System.Text;

namespace StreamInsight.Orleans.Wire;

/// <summary>Reads what <see cref="WireWriter"/> wrote. What does not fit was written by another version: an <see cref="InvalidDataException"/>.</summary>
internal ref struct WireReader(ReadOnlyMemory<byte> data)
{
    private readonly ReadOnlyMemory<byte> _data = data;
    private int _at;

    public byte Byte() => Take(1).Span[0];

    public bool Flag() => Byte() != 0;

    public ulong Unsigned()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            byte next = Byte();
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
        throw Broken();
    }

    public int Count()
    {
        ulong value = Unsigned();
        return value <= (ulong)_data.Length ? (int)value : throw Broken();
    }

    public long Signed()
    {
        ulong value = Unsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public long Bits() => BinaryPrimitives.ReadInt64LittleEndian(Take(8).Span);

    public double Double() => BitConverter.Int64BitsToDouble(Bits());

    public UInt128 Wide()
    {
        ulong upper = (ulong)Bits();
        return new UInt128(upper, (ulong)Bits());
    }

    /// <summary>A part of what is read, not a copy.</summary>
    public ReadOnlyMemory<byte> Bytes() => Take(Count());

    public string? Text() => Count() is var length and > 0 ? Encoding.UTF8.GetString(Take(length - 1).Span) : null;

    public string Word() => Text() ?? throw Broken();

    public List<string> Texts()
    {
        int count = Count();
        var texts = new List<string>(count);
        for (int i = 0; i < count; i++)
            texts.Add(Word());
        return texts;
    }

    private static InvalidDataException Broken() => new("What came from another silo cannot be read. Do all silos run the same release?");

    private ReadOnlyMemory<byte> Take(int count)
    {
        if (count > _data.Length - _at)
            throw Broken();
        _at += count;
        return _data.Slice(_at - count, count);
    }
}
