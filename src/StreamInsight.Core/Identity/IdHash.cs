using System.Buffers.Binary;

namespace StreamInsight.Identity;

/// <summary>A 64-bit hash of an id's bytes for tables in memory; seeded, so that what comes from outside cannot aim at collisions. Never stored.</summary>
public static class IdHash
{
    private const ulong P1 = 0xA0761D6478BD642F, P2 = 0xE7037ED1A0B428DB;

    public static ulong Of(ReadOnlySpan<byte> id, ulong seed)
    {
        ulong hash = seed ^ ((ulong)id.Length * P1);
        while (id.Length > 8)
        {
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(id), P1);
            id = id[8..];
        }

        ulong tail = id.Length switch
        {
            8 => BinaryPrimitives.ReadUInt64LittleEndian(id),
            >= 4 => BinaryPrimitives.ReadUInt32LittleEndian(id) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(id[^4..]) << 32),
            > 0 => id[0] | ((ulong)id[id.Length >> 1] << 8) | ((ulong)id[^1] << 16),
            _ => 0,
        };
        return Fold(hash ^ tail, P2);
    }

    private static ulong Fold(ulong left, ulong right)
    {
        ulong high = Math.BigMul(left, right, out ulong low);
        return high ^ low;
    }
}
