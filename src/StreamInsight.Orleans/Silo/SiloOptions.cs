using System.Net;

namespace StreamInsight.Orleans.Silo;

/// <summary>How the silo of this process finds the others, and what lives in its grains.</summary>
public sealed record SiloOptions
{
    public GrainKind Grain { get; init; } = GrainKind.Partition;

    /// <summary>StackExchange.Redis configuration of the Redis that knows the silos, such as <c>redis:6379</c> or <c>a:6379,b:6379,ssl=true</c>, or a URL such as <c>rediss://user:password@host:6379</c>. Null = this silo is alone.</summary>
    public string? Redis { get; init; }

    /// <summary>Its password; null = none, or one in <see cref="Redis"/>.</summary>
    public string? RedisPassword { get; init; }

    /// <summary>Silos with the same id find each other. It changes with a model that others cannot run beside.</summary>
    public string Cluster { get; init; } = "streaminsight";

    /// <summary>Stays the same for the life of the installation.</summary>
    public string Service { get; init; } = "streaminsight";

    /// <summary>The address other silos reach this one at; null = found out. Alone, it is the loopback address.</summary>
    public IPAddress? Advertised { get; init; }

    /// <summary>Other silos connect here. 0 = any free port, only where it is alone.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>Orleans clients connect here; 0 = none do, which is usual.</summary>
    public int GatewayPort { get; init; }

    /// <summary>How long a grain may be idle before it is let go of. 15 minutes by default; at least one.</summary>
    public TimeSpan IdleAfter { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long the silo's Redis may take to answer at the start. 5 s by default.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);
}
