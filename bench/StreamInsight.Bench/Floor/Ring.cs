using System.Runtime.CompilerServices;

namespace StreamInsight.Bench.Floor;

/// <summary>Where a ring of buckets stands: the number of its newest bucket since 1970.</summary>
internal static class Ring
{
    /// <summary>Empties the buckets between the newest and <paramref name="bucket"/>; false = that bucket is older than the ring.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Reach<T>(Span<T> buckets, ref int newest, int bucket)
        where T : struct
    {
        int ahead = bucket - newest;
        if (ahead > 0)
        {
            Turn(buckets, newest, ahead);
            newest = bucket;
            return true;
        }

        return -ahead < buckets.Length;
    }

    private static void Turn<T>(Span<T> buckets, int newest, int ahead)
        where T : struct
    {
        if (ahead >= buckets.Length)
        {
            buckets.Clear();
            return;
        }

        for (int i = 1; i <= ahead; i++)
            buckets[(newest + i) % buckets.Length] = default;
    }
}
