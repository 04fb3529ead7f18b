using System.Text;

namespace StreamInsight.Server.Demo;

/// <summary>
/// What goes wrong between a client and the service: phones that were offline, clients that send twice, and software that sends nonsense. Every reason of the
/// contract's list that a stranger can cause comes up, so that the dead letters have something to show.
/// </summary>
internal sealed class Mishaps(Chance chance)
{
    private const double Twice = 0.006;
    private const double Late = 0.006;
    private const double FarTooLate = 0.0012;
    private const double Broken = 0.003;

    private int _broken;

    /// <summary>Hands the message on, perhaps later or twice, perhaps with a broken one behind it.</summary>
    public void Pass(SimulatedMessage message, Action<SimulatedMessage> add)
    {
        var sent = message.ArrivesAtMs;
        if (chance.Of(Late))
            message = message with { ArrivesAtMs = sent + chance.Between(Spans.Minute, 6 * Spans.Hour) };
        else if (chance.Of(FarTooLate))
            message = message with { ArrivesAtMs = sent + chance.Between(25 * Spans.Hour, 4 * Spans.Day) };
        add(message);
        if (chance.Of(Twice))
            add(message with { ArrivesAtMs = message.ArrivesAtMs + chance.Between(Spans.Second, 10 * Spans.Minute) });
        if (chance.Of(Broken))
            add(Break(message));
    }

    private SimulatedMessage Break(SimulatedMessage message)
    {
        var stamp = Timeline.Stamp(message.ArrivesAtMs);
        var who = message.Key;
        return (_broken++ % 9) switch
        {
            0 => message with { Json = message.Json[..(message.Json.Length * 2 / 3)] }, // not_json: the connection broke
            1 => Text($$"""{"userId":"{{who}}","event":"Product Viewed","timestamp":"{{stamp}}"}"""), // no_type
            2 => Text($$"""{"type":"track","userId":"{{who}}","event":"","timestamp":"{{stamp}}"}"""), // no_event_name
            3 => Text($$"""{"type":"track","event":"Product Viewed","timestamp":"{{stamp}}","properties":{"category":"tv"} }"""), // no_identity
            4 => Text($$"""{"type":"track","userId":"{{who}}","event":"App Login","timestamp":"yesterday"}"""), // bad_timestamp
            5 => Text($$"""{"type":"track","userId":"{{who}}","event":"Order Completed","timestamp":"{{stamp}}","properties":{"total":"49,90"} }"""), // bad_property
            6 => Text($$"""{"type":"track","userId":"{{who}}","event":"App Login","timestamp":"{{Timeline.Stamp(message.ArrivesAtMs + 3 * Spans.Day)}}"}"""), // future
            7 => Text($$"""{"type":"track","userId":"{{who}}","event":"Log Dumped","timestamp":"{{stamp}}","properties":{"log":"{{new string('x', 33_000)}}"} }"""), // too_large
            _ => Text($$"""{"type":"track","userId":"{{who}}","event":"Tree Sent","timestamp":"{{stamp}}","properties":{"tree":{{new string('[', 70)}}{{new string(']', 70)}} } }"""), // too_deep
        };

        SimulatedMessage Text(string json) => message with { Json = Encoding.UTF8.GetBytes(json) };
    }
}
