using System.Diagnostics;
using StreamInsight.Pipeline;
using StreamInsight.Sqlite;

namespace StreamInsight.Server.Demo;

/// <summary>
/// Moves the demo's date and hands in the simulation's messages up to it, slice by slice: first the past, as fast as the service takes it, then at the pace.
/// The date stands still until a slice is in, so a service that falls behind slows it down; nothing piles up.
/// </summary>
internal sealed class DemoFeed(Simulation simulation, SimulatedTimeProvider date, IDemoInlet inlet, LatencyProbe latency, DemoPace pace, DemoFeed.Service service)
{
    private const int MostWaiting = 4_000;
    private const int MostAtOnce = 1_000;

    /// <summary>Coarser than the days that are watched: each slice costs a commit.</summary>
    private const long PastSlice = Spans.Hour;

    private static readonly TimeSpan TryAgain = TimeSpan.FromMilliseconds(500);

    private readonly List<SimulatedMessage> _slice = [];
    private long _sent;
    private long _skipped;

    /// <summary>Messages handed in so far, those of an earlier run included.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>Skips the first <paramref name="count"/> messages: they were handed in when the demo ran before.</summary>
    public void Skip(long count)
    {
        for (; _sent < count; _sent++)
            simulation.Next();
        _skipped = _sent;
    }

    /// <summary>Everything up to <paramref name="untilMs"/>, without a pause. Facts of it are not timed.</summary>
    public async Task ReadPastAsync(long untilMs, CancellationToken cancel)
    {
        while (date.NowMs < untilMs)
        {
            var sliceEndMs = Math.Min(date.NowMs + PastSlice, untilMs);
            while (_slice.Count < MostAtOnce && Take(sliceEndMs))
            {
            }
            // A full slice ends where its last message is; the next one goes on there.
            await HandInAsync(_slice.Count < MostAtOnce ? sliceEndMs : _slice[^1].ArrivesAtMs, cancel);
            while (IsServiceBehind)
                await Task.Delay(5, cancel);
        }
    }

    /// <summary>At the pace, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var ticks = new PeriodicTimer(pace.Tick);
        var (last, owed) = (Stopwatch.GetTimestamp(), 0.0);
        while (await ticks.WaitForNextTickAsync(cancel))
        {
            var now = Stopwatch.GetTimestamp();
            // After a stall the lost time is not made up in one go.
            var seconds = Math.Min(Stopwatch.GetElapsedTime(last, now).TotalSeconds, 10 * pace.Tick.TotalSeconds);
            last = now;
            if (IsServiceBehind)
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

    private bool IsServiceBehind => _sent - _skipped - service.Applied() > MostWaiting;

    private bool Take(long untilMs)
    {
        if (!simulation.TryNext(untilMs, out var message))
            return false;
        _slice.Add(message);
        return true;
    }

    /// <summary>What is not taken is handed in again and again, as clients do; what had been taken of it already is refused as duplicate.</summary>
    private async Task HandInAsync(long endMs, CancellationToken cancel)
    {
        date.AdvanceTo(endMs);
        while (_slice.Count > 0)
        {
            try
            {
                await inlet.SendAsync(_slice, date.NowMs, cancel);
                Volatile.Write(ref _sent, _sent + _slice.Count);
                _slice.Clear();
            }
            catch (Exception error) when (error is DependencyUnavailableException or LogRefusedException)
            {
                service.Warn(error.Message);
                await Task.Delay(TryAgain, cancel);
            }
        }
    }

    /// <summary>What the feed has to know of the service it feeds.</summary>
    /// <param name="Applied">Messages taken in since the start.</param>
    /// <param name="Warn">Takes a line for the user.</param>
    internal readonly record struct Service(Func<long> Applied, Action<string> Warn);
}
