using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace StreamInsight.Pipeline.Erasures;

/// <summary>
/// What is kept of an id that was erased: 16 bytes of its HMAC-SHA256 under the store's own secret. It tells whether an id is that id, and nothing else.
/// </summary>
public static class IdDigest
{
    public static UInt128 Of(ReadOnlySpan<byte> id, ReadOnlySpan<byte> secret)
    {
        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(secret, id, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    public static UInt128 Of(string id, ReadOnlySpan<byte> secret) => Of(Encoding.UTF8.GetBytes(id), secret);
}
