using System.Diagnostics;

namespace StreamInsight.Server.Demo;

/// <summary>
/// How long it takes, in real time, from handing in an event to a fact of it being delivered. Events are handed in by slices of simulated time, so a fact's
/// instant tells which slice its event was in. Any thread.
/// </summary>
public sealed class LatencyProbe
{
    private const int Slices = 4_096;
    private const int Samples = 2_000;

    private readonly Lock _lock = new();
    private readonly (long UntilMs, long HandedIn)[] _slices = new (long, long)[Slices];
    private readonly double[] _samples = new double[Samples];
    private long _sliceCount;
    private long _sampleCount;

    /// <summary>Events up to <paramref name="untilMs"/> (simulated) are being handed in now; call it before, with rising instants.</summary>
    public void HandIn(long untilMs)
    {
        lock (_lock)
            _slices[_sliceCount++ % Slices] = (untilMs, Stopwatch.GetTimestamp());
    }

    /// <summary>A fact of an event at <paramref name="atMs"/> (simulated) has been delivered now. Facts of events before the first slice do not count.</summary>
    public void Delivered(long atMs)
    {
        lock (_lock)
        {
            var oldest = Math.Max(0, _sliceCount - Slices);
            if (_sliceCount == 0 || atMs <= _slices[oldest % Slices].UntilMs || atMs > _slices[(_sliceCount - 1) % Slices].UntilMs)
                return;
            var (low, high) = (oldest, _sliceCount - 1);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (_slices[middle % Slices].UntilMs >= atMs)
                    high = middle;
                else
                    low = middle + 1;
            }
            _samples[_sampleCount++ % Samples] = Stopwatch.GetElapsedTime(_slices[low % Slices].HandedIn).TotalMilliseconds;
        }
    }

    /// <summary>Median and 99th percentile of the last samples, in milliseconds; null = there are none.</summary>
    public (double P50, double P99)? Read()
    {
        double[] sorted;
        lock (_lock)
            sorted = _samples[..(int)Math.Min(_sampleCount, Samples)];
        if (sorted.Length == 0)
            return null;
        Array.Sort(sorted);
        return (sorted[sorted.Length / 2], sorted[Math.Min(sorted.Length * 99 / 100, sorted.Length - 1)]);
    }
}
