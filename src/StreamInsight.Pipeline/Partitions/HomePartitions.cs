using System.Buffers.Binary;

namespace StreamInsight.Pipeline.Partitions;

/// <summary>
/// Which partition is the home of an id: murmur2 of its UTF-8 bytes, as Kafka's Java clients choose the partition of a key. A producer that keys by user with that partitioner
/// sends a customer's events straight to the customer's home.
/// </summary>
/// <param name="count">Partitions; fixed for the life of the state.</param>
public sealed class HomePartitions(int count)
{
    public int Count => count;

    public int Of(ReadOnlySpan<byte> id) => (int)(Murmur2(id) & 0x7FFFFFFF) % count;

    /// <summary>MurmurHash2, 32 bits, seed 0x9747b28c.</summary>
    private static uint Murmur2(ReadOnlySpan<byte> data)
    {
        const uint M = 0x5BD1E995;
        uint hash = 0x9747B28C ^ (uint)data.Length;
        while (data.Length >= 4)
        {
            uint part = BinaryPrimitives.ReadUInt32LittleEndian(data) * M;
            hash = (hash * M) ^ ((part ^ (part >> 24)) * M);
            data = data[4..];
        }
        if (data.Length == 3)
            hash ^= (uint)data[2] << 16;
        if (data.Length >= 2)
            hash ^= (uint)data[1] << 8;
        if (data.Length >= 1)
            hash = (hash ^ data[0]) * M;
        hash = (hash ^ (hash >> 13)) * M;
        return hash ^ (hash >> 15);
    }
}
