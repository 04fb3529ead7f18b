using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace StreamInsight.Decisions;

/// <summary>Draws that are the same for the same words: the first 8 bytes (big-endian) of SHA-256 over <c>purpose \n salt \n customer</c>, as a share of 2^64.</summary>
public static class Lot
{
    /// <summary>A number from 0 up to, not including, 1.</summary>
    public static double Draw(string purpose, string salt, string customer)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{purpose}\n{salt}\n{customer}"), hash);
        return (BinaryPrimitives.ReadUInt64BigEndian(hash) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>The customer is in the control group.</summary>
    public static bool IsHeldOut(double share, string salt, string customer) => share > 0 && Draw("holdout", salt, customer) < share;
}
