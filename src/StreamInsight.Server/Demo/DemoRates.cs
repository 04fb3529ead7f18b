using System.Diagnostics;

namespace StreamInsight.Server.Demo;

/// <summary>How fast events and simulated time go by, over the last few seconds. One thread.</summary>
internal sealed class DemoRates
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(4);

    private readonly Queue<(long Stamp, long Events, long DateMs)> _seen = new();

    public double EventsPerSecond { get; private set; }

    /// <summary>Simulated seconds a real second.</summary>
    public double Speed { get; private set; }

    public void Add(long events, long dateMs)
    {
        var now = Stopwatch.GetTimestamp();
        _seen.Enqueue((now, events, dateMs));
        while (_seen.Count > 2 && Stopwatch.GetElapsedTime(_seen.Peek().Stamp, now) > Window)
            _seen.Dequeue();
        var (stamp, firstEvents, firstDateMs) = _seen.Peek();
        var seconds = Stopwatch.GetElapsedTime(stamp, now).TotalSeconds;
        if (seconds < 0.1)
            return;
        EventsPerSecond = (events - firstEvents) / seconds;
        Speed = (dateMs - firstDateMs) / 1_000.0 / seconds;
    }
}
