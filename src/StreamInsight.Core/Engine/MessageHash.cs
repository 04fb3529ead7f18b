namespace StreamInsight.Engine;

/// <summary>A 128-bit hash of an id's bytes: fixed for all time, since stored states hold it. Not for secrets.</summary>
public static class MessageHash
{
    private const ulong P1 = 0x9E3779B185EBCA87, P2 = 0xC2B2AE3D27D4EB4F, P3 = 0x165667B19E3779F9;

    public static UInt128 Of(ReadOnlySpan<byte> id)
    {
        ulong a = P1 ^ (ulong)id.Length, b = P2;
        while (id.Length >= 8)
        {
            Mix(ref a, ref b, System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(id));
            id = id[8..];
        }

        ulong tail = 0;
        for (int i = id.Length - 1; i >= 0; i--)
            tail = (tail << 8) | id[i];
        Mix(ref a, ref b, tail);
        return new UInt128(Finish(a + b), Finish(b ^ (a * P3)));
    }

    private static void Mix(ref ulong a, ref ulong b, ulong word)
    {
        ulong high = Math.BigMul(word ^ a, P1, out ulong low);
        a = (a ^ low) * P3;
        b = ulong.RotateLeft(b + word, 31) * P2 + high;
    }

    private static ulong Finish(ulong value)
    {
        value = (value ^ (value >> 33)) * P2;
        value = (value ^ (value >> 29)) * P3;
        return value ^ (value >> 32);
    }
}
