using StreamInsight.Oracle.Language;

namespace StreamInsight.Oracle.Models;

/// <summary>A computed score.</summary>
public sealed record Score(string Name, Cel Expression);

/// <summary>One action; a factor that is not written is null and counts as 1.</summary>
public sealed record CustomerAction(string Name, List<string> Channels, Cel Eligible)
{
    public required Cel Value { get; init; }

    public Cel? Propensity { get; init; }

    public Cel? Context { get; init; }

    public Cel? Lever { get; init; }

    public bool IsCommercial { get; init; } = true;

    public string? Topic { get; init; }

    public string? Purpose { get; init; }

    public string? Queue { get; init; }

    /// <summary>Texts with <c>${value|fallback}</c> in them.</summary>
    public List<KeyValuePair<string, string>> Content { get; init; } = [];
}

/// <summary>Exponents of propensity, context, value and lever; how many are kept; whose first action is drawn by lot.</summary>
public sealed record Arbitration(double A = 1, double B = 1, double C = 1, double D = 1, int Top = 3, double Explore = 0);

public sealed record Policy
{
    /// <summary>By channel or purpose; null = no consent is asked for.</summary>
    public Dictionary<string, Cel>? Consent { get; init; }

    public List<Cap> Caps { get; init; } = [];

    public long ReserveMs { get; init; } = 15 * 60_000L;

    public Reject? Reject { get; init; }

    public Quiet? Quiet { get; init; }

    public double HoldoutShare { get; init; }

    public string HoldoutSalt { get; init; } = "";
}

public sealed record Cap(string? Channel, string? Topic, int Max, long WindowMs);

public sealed record Reject(int After, long WithinMs, long PauseMs);

/// <summary>Minutes of the day; <paramref name="UnknownZone"/> is hold, send or a zone; no channels = all.</summary>
public sealed record Quiet(int From, int To, Cel? Zone, string UnknownZone, List<string>? Channels);

public sealed record Queue(string Name, double? Target, long StaleAfterMs, Dictionary<string, object> Default);

public sealed record RoutingRules(Cel Queue, Cel Score, List<KeyValuePair<string, Cel>> Reasons, Cel? Agent, Cel? Skills, long ValidMs);
