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

    /// <summary>Share of its usual visits a fading customer still makes at <paramref name="atMs"/>.</summary>
    public double Keenness(long atMs) =>
        Persona.Fading == 0 ? 1 : Math.Pow(0.5, (atMs - BornMs) / 86_400_000.0 / Persona.Fading);

    public void Cheer(double by) => Mood = Math.Clamp(Mood + by, 0, 10);

    /// <summary>A tenth of the way back to the usual mood: time heals.</summary>
    public void Settle() => Mood += (Persona.Mood - Mood) * 0.1;
}
