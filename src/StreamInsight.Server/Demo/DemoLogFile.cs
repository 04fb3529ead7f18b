using System.IO.Compression;
using System.Text;

namespace StreamInsight.Server.Demo;

/// <summary>Writes a stretch of the simulation as a file that <c>replay</c> reads. Each message tells when it was received: a file has no record time of its own.</summary>
public static class DemoLogFile
{
    /// <summary>Everything that arrives up to <paramref name="untilMs"/>, compressed if the name ends in <c>.gz</c>; returns the number of lines.</summary>
    public static long Write(FileInfo file, Simulation simulation, long untilMs)
    {
        using Stream raw = file.Create();
        using Stream lines = file.Extension == ".gz" ? new GZipStream(raw, CompressionLevel.Fastest) : new BufferedStream(raw, 1 << 16);
        var count = 0L;
        for (; simulation.TryNext(untilMs, out var message); count++)
            WriteLine(lines, message);
        return count;
    }

    private static void WriteLine(Stream lines, SimulatedMessage message)
    {
        var json = message.Json.Span;
        lines.WriteByte((byte)'{');
        lines.Write(Encoding.UTF8.GetBytes($"\"receivedAt\":\"{Timeline.Stamp(message.ArrivesAtMs)}\","));
        lines.Write(json[1..]); // every message starts with its brace, the broken ones too
        lines.WriteByte((byte)'\n');
    }
}
