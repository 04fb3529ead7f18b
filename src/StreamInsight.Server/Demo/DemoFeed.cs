using System.Diagnostics;

namespace StreamInsight.Server.Demo;

/// <summary>
/// Moves the demo's date and hands in the simulation's messages up to it, slice by slice: first the past, as fast as the service takes it, then at the pace.
/// The date stands still until a slice is in, so a service that falls behind slows it down; nothing piles up.
/// </summary>
public sealed class DemoFeed(Simulation simulation, SimulatedTimeProvider date, IDemoInlet inlet, LatencyProbe latency, DemoPace pace)
{
    private const int MostWaiting = 4_000;
    private const int MostAtOnce = 1_000;
    private const long PastSlice = 10 * Spans.Minute;

    private readonly List<SimulatedMessage> _slice = [];
    private long _sent;

    /// <summary>Messages handed in so far.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Skips the first <paramref name="count"/> messages: they were handed in when the demo ran before.</summary>
    public void Skip(long count)
    {
        for (; _sent < count; _sent++)
            simulation.Next();
    }

    /// <summary>Everything up to <paramref name="untilMs"/>, without a pause. Facts of it are not timed.</summary>
    public async Task ReadPastAsync(long untilMs, CancellationToken cancel)
    {
        while (date.NowMs < untilMs)
        {
            var sliceEndMs = Math.Min(date.NowMs + PastSlice, untilMs);
            while (Take(sliceEndMs) && _slice.Count < MostAtOnce)
            {
            }
            // A full slice ends where its last message is; the next one goes on there.
            await HandInAsync(_slice.Count < MostAtOnce ? sliceEndMs : _slice[^1].ArrivesAtMs, cancel);
            while (inlet.Waiting > MostWaiting)
                await Task.Delay(5, cancel);
        }
    }

    /// <summary>At the pace, until cancelled; does not throw then.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var ticks = new PeriodicTimer(pace.Tick);
        var (last, owed) = (Stopwatch.GetTimestamp(), 0.0);
        try
        {
            while (await ticks.WaitForNextTickAsync(cancel))
            {
                var now = Stopwatch.GetTimestamp();
                // After a stall the lost time is not made up in one go.
                var seconds = Math.Min(Stopwatch.GetElapsedTime(last, now).TotalSeconds, 10 * pace.Tick.TotalSeconds);
                last = now;
                if (inlet.Waiting > MostWaiting)
                    continue;
                var endMs = date.NowMs;
                if (pace.EventsPerSecond is { } rate)
                {
                    for (owed += seconds * rate; owed >= 1; owed--)
                        Take(long.MaxValue);
                    if (_slice.Count == 0)
                        continue;
                    endMs = _slice[^1].ArrivesAtMs;
                }
                else
                {
                    endMs += (long)(seconds * 1_000 * pace.Speed);
                    while (Take(endMs))
                    {
                    }
                }
                latency.HandIn(endMs);
                await HandInAsync(endMs, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
        }
    }

    private bool Take(long untilMs)
    {
        if (!simulation.TryNext(untilMs, out var message))
            return false;
        _slice.Add(message);
        return true;
    }

    private async Task HandInAsync(long endMs, CancellationToken cancel)
    {
        date.AdvanceTo(endMs);
        if (_slice.Count == 0)
            return;
        await inlet.SendAsync(_slice, cancel);
        Volatile.Write(ref _sent, _sent + _slice.Count);
        _slice.Clear();
    }
}
