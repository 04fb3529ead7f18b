using System.Globalization;
using System.Text;
using StreamInsight.Server.Demo;

namespace StreamInsight.Server.Generate;

/// <summary>
/// Brings a simulated message into the present: its timestamp moves with its arrival, so that what was late stays as late as it was, and its id names the run, so that a
/// second run of the same seed is not taken for repeats of the first. A message in which neither is found, because it is broken on purpose, stays as it is.
/// </summary>
internal sealed class Restamp(string run)
{
    private const int StampLength = 24; // 2026-01-05T00:00:00.000Z

    private static readonly byte[][] Stamps = ["\"timestamp\":\""u8.ToArray(), "\"time\":\""u8.ToArray()];
    private static readonly byte[][] Ids = ["\"messageId\":\"m-"u8.ToArray(), "\"id\":\"m-"u8.ToArray()];

    private readonly byte[] _run = Encoding.ASCII.GetBytes(run + "-");

    /// <summary>The message as it is sent at <paramref name="nowMs"/> (UTC ms).</summary>
    public SimulatedMessage Send(SimulatedMessage message, long nowMs)
    {
        byte[] json = message.Json.ToArray();
        int at = After(json, Stamps);
        if (at >= 0 && at + StampLength <= json.Length
            && DateTimeOffset.TryParse(Encoding.ASCII.GetString(json, at, StampLength), CultureInfo.InvariantCulture, out DateTimeOffset was))
            Encoding.ASCII.GetBytes(Timeline.Stamp(nowMs - (message.ArrivesAtMs - was.ToUnixTimeMilliseconds())), json.AsSpan(at, StampLength));
        int id = After(json, Ids);
        return new SimulatedMessage(nowMs, message.Key, id < 0 ? json : [.. json.AsSpan(0, id), .. _run, .. json.AsSpan(id)]);
    }

    private static int After(byte[] json, byte[][] names)
    {
        foreach (byte[] name in names)
        {
            int at = json.AsSpan().IndexOf(name);
            if (at >= 0)
                return at + name.Length;
        }
        return -1;
    }
}
