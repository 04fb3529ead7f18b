namespace StreamInsight.Redis;

/// <summary>How to reach Redis, and how much is kept there.</summary>
public sealed record RedisOptions
{
    /// <summary>
    /// <c>host:port</c>, a URL (<c>redis://user:password@host:port/database</c>, <c>rediss://</c> for TLS), or the client's own notation
    /// (<c>host:port,password=…,ssl=true</c>).
    /// </summary>
    public string Address { get; init; } = "127.0.0.1:6379";

    /// <summary>Null = the default user, or that of the address.</summary>
    public string? User { get; init; }

    /// <summary>Null = none, or that of the address.</summary>
    public string? Password { get; init; }

    /// <summary>PEM file of the authorities that vouch for Redis; null = the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>TLS even where the address does not say so.</summary>
    public bool Tls { get; init; }

    /// <summary>Starts every key. Two installations on one Redis need two prefixes.</summary>
    public string Prefix { get; init; } = "si:";

    /// <summary>Where customers live on several partitions: the one whose facts these are; its records are kept warm on a list of its own. Null = there is one.</summary>
    public int? Partition { get; init; }

    /// <summary>About how many entries a trigger's stream keeps (<c>MAXLEN ~</c>).</summary>
    public int StreamLength { get; init; } = 100_000;

    /// <summary>Customers' updates that are under way at a time.</summary>
    public int MaxInFlight { get; init; } = 4096;

    /// <summary>Key of the HMAC-SHA256 that stands for phone numbers and e-mail addresses in keys; null = they stand there themselves.</summary>
    public string? LookupHashKey { get; init; }

    /// <summary>Routing records written again before they go stale, a second, at most.</summary>
    public int RefreshesPerSecond { get; init; } = 5000;

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one flight may take before it is given up, and told again.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Without its secrets.</summary>
    public override string ToString() => "Redis";
}
