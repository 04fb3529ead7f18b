using System.Diagnostics;
using System.Globalization;
using StreamInsight.Pipeline.Replay;

namespace StreamInsight.Server.Commands;

/// <summary>One line on stderr, rewritten a few times a second, if that is a terminal.</summary>
internal sealed class ReplayProgressBar : IProgress<ReplayProgress>, IDisposable
{
    private static readonly long EveryTicks = Stopwatch.Frequency / 5;

    private readonly bool _isTerminal = !Console.IsErrorRedirected;
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private long _nextAt;

    public void Report(ReplayProgress value)
    {
        long now = Stopwatch.GetTimestamp();
        if (!_isTerminal || (now < _nextAt && value.Phase == "events"))
            return;
        _nextAt = now + EveryTicks;
        double seconds = Stopwatch.GetElapsedTime(_startedAt, now).TotalSeconds;
        Console.Error.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"\r\e[K{value.Phase}: {value.Events:N0} ({value.Bytes / 1048576.0:N0} MiB, {value.Events / Math.Max(seconds, 0.001):N0} events/s)"));
    }

    public void Clear()
    {
        if (_isTerminal)
            Console.Error.Write("\r\e[K");
    }

    public void Dispose() => Clear();
}
