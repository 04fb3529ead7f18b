using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace StreamInsight.Oracle.Decisions;

/// <summary>Lots that everyone draws alike: from 0 up to, not including, 1.</summary>
public static class Draw
{
    public static double Of(string a, string b, string c) =>
        (BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{a}\n{b}\n{c}"))) >> 11) / Math.Pow(2, 53);
}
