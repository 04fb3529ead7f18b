using System.Buffers.Binary;
using System.Text;

namespace StreamInsight.Events;

/// <summary>Names as UTF-8 → small numbers. Built once, then only read; finding allocates nothing. Of equal names the first stays.</summary>
internal sealed class NameTable
{
    private readonly byte[][] _names;
    private readonly short[] _slots;
    private readonly int[] _numbers;
    private readonly int _mask;

    /// <param name="names">Each name and the number it is found as.</param>
    public NameTable(IReadOnlyList<(string Name, int Number)> names)
    {
        int size = 4;
        while (size < names.Count * 3)
            size *= 2;
        _mask = size - 1;
        _slots = new short[size];
        _names = new byte[names.Count][];
        _numbers = new int[names.Count];
        for (int i = 0; i < names.Count; i++)
        {
            byte[] name = Encoding.UTF8.GetBytes(names[i].Name);
            _names[i] = name;
            _numbers[i] = names[i].Number;
            if (Find(name) >= 0)
                continue;
            uint at = Hash(name);
            while (_slots[at & _mask] != 0)
                at++;
            _slots[at & _mask] = (short)(i + 1);
        }
    }

    public int Count => _names.Length;

    /// <summary>The number of <paramref name="name"/>, or -1.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        for (uint at = Hash(name); ; at++)
        {
            int entry = _slots[at & _mask];
            if (entry == 0)
                return -1;
            if (name.SequenceEqual(_names[entry - 1]))
                return _numbers[entry - 1];
        }
    }

    internal static uint Hash(ReadOnlySpan<byte> name)
    {
        ulong head, tail;
        if (name.Length >= 8)
        {
            head = BinaryPrimitives.ReadUInt64LittleEndian(name);
            tail = BinaryPrimitives.ReadUInt64LittleEndian(name[^8..]);
        }
        else if (name.Length >= 4)
        {
            head = BinaryPrimitives.ReadUInt32LittleEndian(name);
            tail = BinaryPrimitives.ReadUInt32LittleEndian(name[^4..]);
        }
        else
        {
            head = tail = 0;
            foreach (byte b in name)
                head = (head << 8) | b;
        }

        ulong mixed = (head * 0x9E3779B97F4A7C15) ^ ((tail + (ulong)name.Length) * 0xC2B2AE3D27D4EB4F);
        return (uint)(mixed >> 33);
    }
}
