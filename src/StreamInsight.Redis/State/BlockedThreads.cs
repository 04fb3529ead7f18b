namespace StreamInsight.Redis.State;

/// <summary>
/// The state store's port is synchronous, so whoever asks Redis blocks a thread of the pool; and the answer comes in on another one. With as many callers as the pool has threads (two on
/// two cores) none is left to bring it, and all wait until the pool, slowly, makes more. So the pool is told to keep some above those that wait here.
/// </summary>
internal readonly struct BlockedThreads : IDisposable
{
    private static readonly int s_spare = Math.Max(8, 2 * Environment.ProcessorCount);
    private static int s_blocked;
    private static int s_reserved;

    public static BlockedThreads Enter()
    {
        int needed = Interlocked.Increment(ref s_blocked) + s_spare;
        if (needed > Volatile.Read(ref s_reserved))
            Reserve(needed + s_spare);
        return default;
    }

    public void Dispose() => Interlocked.Decrement(ref s_blocked);

    private static void Reserve(int threads)
    {
        ThreadPool.GetMinThreads(out int workers, out int completions);
        if (workers < threads)
            ThreadPool.SetMinThreads(threads, completions);
        Volatile.Write(ref s_reserved, Math.Max(workers, threads));
    }
}
