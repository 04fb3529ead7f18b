namespace StreamInsight.Server.Configuration;

/// <summary>What a key may be used for.</summary>
public enum KeyRole
{
    /// <summary>Send events.</summary>
    Write,

    /// <summary>Read customers, segments, facts, metrics.</summary>
    Read,

    /// <summary>Everything.</summary>
    Admin,
}
