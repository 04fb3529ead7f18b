using System.Globalization;
using System.Text;
using StreamInsight.Oracle.Language;

namespace StreamInsight.Oracle.Generation;

/// <summary>
/// Random logs of few customers: late, shuffled, duplicated, simultaneous, exactly one window apart; bursts, batches, CloudEvents;
/// identities that merge, chain, share devices; and lines of every refusal.
/// </summary>
public sealed class LogGenerator
{
    private static readonly string[] Users = ["u1", "u2", "ü3", "\uff5e", "😀"];

    private readonly Prng random;
    private readonly TimeScale scale;
    private readonly List<long> steps;
    private readonly bool tenths;
    private readonly bool extremes;
    private readonly int aliases;
    private readonly int links;
    private readonly int known;
    private readonly int anonymous;
    private long now;
    private int written;

    private readonly bool decides;
    private readonly List<(string Who, string Decision)> decisions = [];

    private LogGenerator(Prng random, TimeScale scale, bool decides)
    {
        this.decides = decides;
        this.random = random;
        this.scale = scale;
        steps = scale.Durations.Select(d => Durations.Parse(d)!.Value).ToList();
        // The second starts on the evening before clocks go forward in Berlin.
        now = random.Chance(80) ? TimeScale.StartMs : TimeScale.StartMs + 27 * 86_400_000L + 8 * 3_600_000L;
        if (decides) now = Begin();
        tenths = random.Chance(25);
        extremes = random.Chance(5);
        aliases = random.Pick([0, 0, 1, 4]);
        links = random.Pick([0, 5, 15, 50]);
        known = 1 + random.Below(random.Chance(80) ? 3 : 5);
        anonymous = random.Below(5);
    }

    /// <param name="random">Where everything is drawn from.</param>
    /// <param name="scale">How far apart its records are.</param>
    /// <param name="decides">With contacts, outcomes, decisions asked for and queues.</param>
    public static List<byte[]> Log(Prng random, TimeScale scale, bool decides = false)
    {
        var generator = new LogGenerator(random, scale, decides);
        var lines = new List<string>();
        var n = random.Pick([20, 40, 80, 120]);
        while (lines.Count < n)
        {
            if (random.Chance(3)) lines.Add(new Malformed(random, generator.now).Line());
            else if (random.Chance(4)) lines.Add(generator.Batch());
            else if (random.Chance(3)) lines.AddRange(generator.Burst());
            else lines.Add(generator.Message());
        }
        for (var swaps = random.Chance(40) ? lines.Count / 5 : 0; swaps > 0; swaps--)
        {
            var i = random.Below(lines.Count - 1);
            (lines[i], lines[i + 1]) = (lines[i + 1], lines[i]);
        }
        return lines.ConvertAll(Encoding.UTF8.GetBytes);
    }

    /// <summary>Around noon, midnight, and the hours in which clocks go forward and back in Berlin.</summary>
    private long Begin()
    {
        var at = Times.Parse(random.Pick(["2026-03-01T12:00:00Z", "2026-03-01T12:00:00Z", "2026-03-02T00:00:00Z", "2026-03-29T01:00:00Z", "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z"]))!.Value;
        return at - (scale.EveryMillisecond ? random.Between(0, 1_000) : random.Between(0, 8) * 3_600_000);
    }

    private void Pass() => now += random.Pick<long>(
        (4, () => random.Between(0, scale.GapMs)), (1, () => 0), (2, () => random.Pick(steps)), (1, () => random.Pick(steps) + random.Between(-1, 1)),
        (1, () => random.Between(0, scale.GapMs / 10)));

    private string Message(bool inBatch = false)
    {
        Pass();
        if (random.Chance(4)) return CloudEvent();
        if (decides && random.Chance(45)) return Conduct(inBatch);
        return random.Pick<string>(
            (70, () => Interaction("track", Event(), inBatch)),
            (5, () => Interaction(random.Pick(["page", "screen"]), random.Chance(50) ? $",\"properties\":{{\"path\":{Word()}}}" : "", inBatch)),
            (12, () => Line("identify", $"{Ids(random.Chance(links))},\"traits\":{Traits()}", inBatch)),
            (aliases, () => Line("alias", $"{Ids(false)},\"previousId\":\"{(random.Chance(60) ? Anonymous() : Known())}\"", inBatch)),
            (4, () => Line("group", $"{Ids(false)},\"groupId\":\"g\",\"traits\":{{\"plan\":{Word()},\"seats\":{random.Below(5)}}}", inBatch)));
    }

    private string Conduct(bool inBatch) => random.Pick<string>(
        (5, () => Request(inBatch)), (5, () => Report(random.Pick(["Action Shown", "Action Sent"]), inBatch)),
        (3, () => Report(random.Pick(["Offer Declined", "Offer Declined", "Offer Accepted"]), inBatch)),
        (2, () => Line("track", $"\"event\":\"Queue Updated\",\"properties\":{Queue()}", inBatch)));

    private string Request(bool inBatch)
    {
        var who = Who();
        var id = random.Chance(70) ? $"d{decisions.Count}" : null;
        var line = Line("track", $"{who},\"event\":\"Decision Requested\",\"properties\":{{{string.Join(',', new[] { Channel(90), id is null ? null : $"\"decision\":\"{id}\"" }.OfType<string>())}}}", inBatch);
        decisions.Add((who, id ?? $"event:m{written}"));
        return line;
    }

    private string Report(string name, bool inBatch)
    {
        var (who, decision) = decisions.Count > 0 && random.Chance(60) ? decisions[^(1 + random.Below(Math.Min(4, decisions.Count)))] : (Who(), null);
        if (random.Chance(4)) decision = "d999";
        if (random.Chance(5)) who = Who();
        var action = random.Chance(90) ? $"\"action\":\"a{random.Below(random.Chance(90) ? 3 : 7)}\"" : random.Chance(30) ? "\"action\":5" : null;
        var properties = new[] { action, Channel(60), decision is null ? null : $"\"decision\":\"{decision}\"" }.OfType<string>();
        return Line("track", $"{who},\"event\":\"{name}\",\"properties\":{{{string.Join(',', properties)}}}", inBatch);
    }

    private string? Channel(int percent) => random.Chance(percent) ? $"\"channel\":\"{random.Pick(["web", "app", "voice", "web", "app", "mail"])}\"" : null;

    private string Queue() => $"{{{string.Join(',', new[]
    {
        $"\"queue\":\"q{random.Below(2)}\"", $"\"service_level\":{random.Pick(["0.5", "0.9", "0.8", "1"])}", $"\"waiting\":{random.Below(5)}",
        $"\"longest_wait\":{random.Below(100)}.5", $"\"agents_free\":{random.Below(3)}",
    }.Where(_ => random.Chance(95)))}}}";

    private IEnumerable<string> Burst()
    {
        var who = Who();
        for (var n = 3 + random.Below(10); n > 0; n--)
        {
            now += random.Pick([0L, 0L, 1L, scale.GapMs / 20]);
            yield return Line("track", who + Event(), false);
        }
    }

    private string Batch()
    {
        Pass();
        var messages = Enumerable.Range(0, 1 + random.Below(4)).Select(_ => random.Chance(5) ? "17" : Message(inBatch: true)).ToList();
        var context = random.Chance(50) ? $",\"context\":{{\"channel\":\"web\",\"campaign\":{Word()}}}" : "";
        var received = random.Chance(70) ? $",\"receivedAt\":\"{Times.Text(now)}\"" : "";
        return $"{{\"batch\":[{string.Join(random.Pick([",", " , "]), messages)}],\"sentAt\":\"{Times.Text(now - random.Between(0, 3))}\"{received}{context}}}";
    }

    private string CloudEvent() =>
        $"{{\"specversion\":\"1.0\",\"source\":\"s\",\"id\":\"{Id()}\",\"subject\":\"{Known()}\",\"type\":\"Order Completed\",\"time\":\"{Times.Text(now)}\",\"data\":{OrderProperties()}}}";

    private string Interaction(string type, string rest, bool inBatch) => Line(type, Who() + rest, inBatch);

    private string Line(string type, string rest, bool inBatch)
    {
        var line = new StringBuilder($"{{\"type\":\"{type}\",{rest}");
        if (random.Chance(45)) line.Append($",\"messageId\":\"{Id()}\"");
        if (random.Chance(25)) line.Append($",\"context\":{{\"channel\":\"{random.Pick(["web", "app", "voice"])}\",\"campaign\":{Word()}}}");
        else if (random.Chance(15)) line.Append($",\"channel\":\"{random.Pick(["web", "app"])}\"");
        var lag = random.Pick<long>((70, () => 0), (8, () => random.Pick(steps)), (8, () => random.Between(0, scale.GapMs * 4)), (2, () => random.Between(0, scale.GapMs * 40)), (2, () => -random.Between(1, scale.GapMs)));
        if (inBatch && random.Chance(40)) return line.Append('}').ToString();
        if (lag != 0 || random.Chance(20)) line.Append($",\"receivedAt\":\"{Times.Text(now)}\"");
        line.Append($",\"{random.Pick(["timestamp", "timestamp", "timestamp", "originalTimestamp"])}\":\"{Times.Text(now - lag)}\"}}");
        return line.ToString();
    }

    private string Event() => random.Pick<string>(
        (5, () => $",\"event\":\"Order Completed\",\"properties\":{OrderProperties()}"),
        (3, () => $",\"event\":\"Product Viewed\",\"properties\":{{\"category\":{Word()}}}"),
        (2, () => $",\"event\":\"Call Started\",\"properties\":{{\"reason\":{Word()},\"items\":{random.Below(4)}}}"),
        (1, () => ",\"event\":\"Call Started\""),
        (1, () => ",\"event\":\"Undeclared\",\"properties\":{\"total\":\"text\"}"));

    private string OrderProperties()
    {
        var properties = new List<string>();
        if (random.Chance(85)) properties.Add($"\"total\":{Number()}");
        if (random.Chance(70)) properties.Add($"\"items\":{(extremes && random.Chance(30) ? random.Pick(["9223372036854775807", "-9223372036854775808", "9e18"]) : random.Pick(["0", "1", "2", "3", "4.0", "-1"]))}");
        if (random.Chance(70)) properties.Add($"\"category\":{Word()}");
        if (random.Chance(40)) properties.Add($"\"due\":\"{Times.Text(now + random.Pick([1, -1, 0]) * random.Pick(steps))}\"");
        if (random.Chance(40)) properties.Add($"\"gift\":{random.Pick(["true", "false", "null"])}");
        return $"{{{string.Join(',', properties)}}}";
    }

    /// <summary>Quarters add up exactly in any order; tenths do not.</summary>
    private string Number() => (tenths ? random.Below(100) / 10.0 : random.Below(60) / 4.0).ToString("R", CultureInfo.InvariantCulture);

    private string Traits()
    {
        var traits = new List<string>();
        if (random.Chance(40)) traits.Add($"\"tier\":{Word()}");
        if (random.Chance(40)) traits.Add($"\"nps\":{random.Pick(["0", "1", "2.0", "3", "null"])}");
        if (random.Chance(25)) traits.Add($"\"since\":\"{Times.Text(now + random.Pick([1, -1, 0]) * random.Pick(steps))}\"");
        if (random.Chance(25)) traits.Add($"\"vip\":{random.Pick(["true", "false"])}");
        if (random.Chance(25)) traits.Add($"\"rate\":{Number()}");
        return $"{{{string.Join(',', traits)}}}";
    }

    private string Who() => anonymous > 0 && random.Chance(35) ? $"\"anonymousId\":\"{Anonymous()}\"" : Ids(random.Chance(10));

    private string Ids(bool both) => both && anonymous > 0 ? $"\"userId\":\"{Known()}\",\"anonymousId\":\"{Anonymous()}\"" : $"\"userId\":\"{Known()}\"";

    private string Known() => Users[random.Below(known)];

    private string Anonymous() => anonymous == 0 ? Known() : $"a{random.Below(anonymous)}";

    private string Id() => random.Chance(20) ? $"m{Math.Max(0, written - random.Below(6))}" : $"m{++written}";

    private string Word() => $"\"{random.Pick(Conditions.Words)}\"";
}
