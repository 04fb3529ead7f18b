using System.Buffers;

namespace StreamInsight.Facts;

/// <summary>A fact as one line of JSON without its end, keys in the order of the contract.</summary>
public static class FactWriter
{
    public static void Write(Fact fact, IBufferWriter<byte> line) => throw new NotImplementedException();

    /// <summary>The fact's id: hex of the first 16 bytes of SHA-256 over <c>customer \n born \n seq \n name@version</c>.</summary>
    public static string Id(Fact fact) => throw new NotImplementedException();
}
