namespace StreamInsight.Server.Demo;

/// <summary>One person of the simulation. Scripts read and change it; nothing else does.</summary>
internal sealed class SimulatedCustomer
{
    public SimulatedCustomer(Chance chance, Persona persona, long bornMs)
    {
        Chance = chance;
        Persona = persona;
        BornMs = bornMs;
        Mood = persona.Mood;
        Phase = chance.Unit();
    }

    /// <summary>Its own: what one customer does changes nothing for another.</summary>
    public Chance Chance { get; }

    public Persona Persona { get; set; }

    public long BornMs { get; set; }

    /// <summary>Null as long as the person has not said who it is.</summary>
    public string? UserId { get; set; }

    /// <summary>The browser's or app's own id; null where the person always signs in.</summary>
    public string? AnonymousId { get; set; }

    public string Name { get; set; } = "";

    /// <summary>0 (furious) to 10 (delighted); moved by what happens, and back to the persona's with time.</summary>
    public double Mood { get; set; }

    /// <summary>Visits since the beginning.</summary>
    public int Visits { get; set; }

    /// <summary>The total of the last order that could still be cancelled; 0 = none.</summary>
    public double OpenOrder { get; set; }

    /// <summary>True once it asked to cancel its contract; it falls silent then.</summary>
    public bool HasLeft { get; set; }

    /// <summary>Who speaks, as the message's sender.</summary>
    public string Key => UserId ?? AnonymousId!;

    /// <summary>Where in the ups and downs of interest it was at the beginning, 0 to 1.</summary>
    public double Phase { get; }

    /// <summary>Its visits and orders at <paramref name="atMs"/>, 1 = as usual: up and down over months, and less and less for one who fades.</summary>
    public double Keenness(long atMs) => Persona.Fading > 0
        ? Math.Pow(0.5, (double)(atMs - BornMs) / Spans.Day / Persona.Fading)
        : 1 + 0.7 * Math.Sin(2 * Math.PI * ((double)atMs / Spans.Day / 150 + Phase));

    public void Cheer(double by) => Mood = Math.Clamp(Mood + by, 0, 10);

    /// <summary>A tenth of the way back to the usual mood: time heals.</summary>
    public void Settle() => Mood += (Persona.Mood - Mood) * 0.1;
}
