using System.Buffers.Binary;
using System.Text;

namespace StreamInsight.Orleans.Wire;

/// <summary>Writes what travels between silos: variable-length integers, length-prefixed bytes and text. One buffer for a whole run of messages.</summary>
internal sealed class WireWriter
{
    private byte[] _buffer = new byte[4096];
    private int _length;

    /// <summary>A copy that nobody writes to any more.</summary>
    public byte[] ToArray() => _buffer.AsSpan(0, _length).ToArray();

    public void Clear() => _length = 0;

    public void Byte(byte value)
    {
        Reserve(1);
        _buffer[_length++] = value;
    }

    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Unsigned(ulong value)
    {
        Reserve(10);
        while (value >= 0x80)
        {
            _buffer[_length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        _buffer[_length++] = (byte)value;
    }

    public void Count(int value) => Unsigned((ulong)value);

    public void Signed(long value) => Unsigned((ulong)((value << 1) ^ (value >> 63)));

    public void Bits(long value)
    {
        Reserve(8);
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.AsSpan(_length), value);
        _length += 8;
    }

    public void Double(double value) => Bits(BitConverter.DoubleToInt64Bits(value));

    public void Wide(UInt128 value)
    {
        Bits((long)(ulong)(value >> 64));
        Bits((long)(ulong)value);
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Count(bytes.Length);
        Reserve(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>Text or null.</summary>
    public void Text(string? text)
    {
        if (text is null)
        {
            Byte(0);
            return;
        }
        int bytes = Encoding.UTF8.GetByteCount(text);
        Count(bytes + 1);
        Reserve(bytes);
        _length += Encoding.UTF8.GetBytes(text, _buffer.AsSpan(_length));
    }

    public void Texts(IReadOnlyCollection<string> texts)
    {
        Count(texts.Count);
        foreach (string text in texts)
            Text(text);
    }

    private void Reserve(int bytes)
    {
        if (_length + bytes > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + bytes));
    }
}
