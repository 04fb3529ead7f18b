using System.Diagnostics;
using System.Globalization;
using StreamInsight.Pipeline;
using StreamInsight.Server.Demo;

namespace StreamInsight.Server.Generate;

/// <summary>
/// Sends the demo's town at a steady rate, as if it happened now. What is not taken is sent again and again, as clients do; meanwhile nothing piles up.
/// </summary>
internal sealed class Generator(GenerateOptions options, IDemoInlet inlet, TimeProvider time, Action<string> say)
{
    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(10);

    private readonly Simulation _town = new(options.Simulation);
    private readonly Restamp _restamp = new(time.GetUtcNow().ToUnixTimeMilliseconds().ToString("x", CultureInfo.InvariantCulture));
    private readonly List<SimulatedMessage> _slice = [];
    private long _sent;
    private long _said;

    /// <summary>Messages that were taken.</summary>
    public long Sent => _sent;

    /// <summary>Sends until all are sent, or cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var ticks = new PeriodicTimer(options.Tick);
        long last = Stopwatch.GetTimestamp(), saidAt = last;
        double owed = 0;
        try
        {
            while (_sent < (options.Count ?? long.MaxValue))
            {
                long now = Stopwatch.GetTimestamp();
                // After a stall the lost time is not made up in one go.
                owed += options.Rate * Math.Min(Stopwatch.GetElapsedTime(last, now).TotalSeconds, 10 * options.Tick.TotalSeconds);
                last = now;
                int count = (int)Math.Min(Math.Floor(owed), (options.Count ?? long.MaxValue) - _sent);
                owed -= count;
                await SendAsync(count, cancel);
                if (Stopwatch.GetElapsedTime(saidAt, now) is var since && since >= SayEvery)
                {
                    Say(since);
                    saidAt = now;
                }
                await ticks.WaitForNextTickAsync(cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Ctrl-C is how it ends.
        }
        say(string.Create(CultureInfo.InvariantCulture, $"{_sent:N0} events sent"));
    }

    private async Task SendAsync(int count, CancellationToken cancel)
    {
        if (count == 0)
            return;
        long nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        for (int i = 0; i < count; i++)
            _slice.Add(_restamp.Send(_town.Next(), nowMs));
        while (true)
        {
            try
            {
                await inlet.SendAsync(_slice, nowMs, cancel);
                break;
            }
            catch (DependencyUnavailableException error)
            {
                say(error.Message);
                await Task.Delay(options.TryAgain, cancel);
            }
        }
        _sent += count;
        _slice.Clear();
    }

    private void Say(TimeSpan since)
    {
        say(string.Create(CultureInfo.InvariantCulture, $"{_sent:N0} events sent, {(_sent - _said) / since.TotalSeconds:N0}/s"));
        _said = _sent;
    }
}
