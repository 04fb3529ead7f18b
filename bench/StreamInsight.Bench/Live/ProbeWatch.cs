using System.Diagnostics;
using StackExchange.Redis;

namespace StreamInsight.Bench.Live;

/// <summary>Waits at the probes' trigger stream as a subscriber does, and notes when each can be read.</summary>
internal sealed class ProbeWatch : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _redis;
    private readonly OpenLoad _load;
    private readonly long[] _seenAt;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private int _seen;

    private ProbeWatch(ConnectionMultiplexer redis, OpenLoad load)
    {
        _redis = redis;
        _load = load;
        _seenAt = new long[load.Probes];
        _watching = Task.Run(WatchAsync);
    }

    public static async Task<ProbeWatch> StartAsync(string address, OpenLoad load) => new(await ConnectionMultiplexer.ConnectAsync(address), load);

    /// <summary>Returns when every probe was seen, or time is over.</summary>
    public async Task SettleAsync(TimeSpan atMost)
    {
        for (long started = Stopwatch.GetTimestamp(); Volatile.Read(ref _seen) < _seenAt.Length && Stopwatch.GetElapsedTime(started) < atMost;)
            await Task.Delay(50);
    }

    /// <summary>Of the probes that were to arrive from then on.</summary>
    public Latencies Latencies(int fromSecond)
    {
        var ms = new List<double>();
        int missing = 0;
        for (int probe = 0; probe < _seenAt.Length; probe++)
        {
            if (_load.SecondsIntoRun(probe) < fromSecond)
                continue;
            if (Volatile.Read(ref _seenAt[probe]) is var at and not 0)
                ms.Add(Stopwatch.GetElapsedTime(_load.IntendedAt(probe), at).TotalMilliseconds);
            else
                missing++;
        }
        return new Latencies(ms, missing);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        await _redis.DisposeAsync();
    }

    private async Task WatchAsync()
    {
        IDatabase database = _redis.GetDatabase();
        string last = "0-0";
        while (!_stop.IsCancellationRequested)
        {
            RedisResult answer = await database.ExecuteAsync("XREAD", "COUNT", "1000", "BLOCK", "500", "STREAMS", "si:t:probed_entered", last);
            long now = Stopwatch.GetTimestamp();
            if (answer.IsNull)
                continue;
            foreach (RedisResult entry in (RedisResult[])((RedisResult[])((RedisResult[])answer!)[0]!)[1]!)
            {
                var parts = (RedisResult[])entry!;
                last = (string)parts[0]!;
                var fields = (string[])parts[1]!;
                int probe = OpenLoad.NumberOf(fields[Array.IndexOf(fields, "customer") + 1]);
                if (Interlocked.CompareExchange(ref _seenAt[probe], now, 0) == 0)
                    Interlocked.Increment(ref _seen);
            }
        }
    }
}
