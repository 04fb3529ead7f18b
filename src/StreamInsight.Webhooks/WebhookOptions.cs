namespace StreamInsight.Webhooks;

/// <summary>How triggers are posted to subscribers; the same for all of them.</summary>
public sealed record WebhookOptions
{
    /// <summary>How long an answer may take. 10 s by default.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Requests to one subscriber at a time, each for another customer; of one process. 8 by default.</summary>
    public int Concurrency { get; init; } = 8;

    /// <summary>Tries of a trigger that the subscriber refuses (4xx but 408 and 429, and redirects) before it is given up. 5 by default.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>How long a trigger is tried while the subscriber fails. 24 h by default.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Facts of the outbox a subscriber may be behind; its oldest triggers beyond are given up. A subscriber never pauses the sources. 1,000,000 by default; on several partitions each has an equal share of it.</summary>
    public int MaxBehind { get; init; } = 1_000_000;

    /// <summary>Failures in a row that open the breaker. 5 by default.</summary>
    public int BreakerAfter { get; init; } = 5;

    /// <summary>Addresses of private networks may be posted to. Off by default: whoever writes the model could reach what only this machine can.</summary>
    public bool AllowPrivate { get; init; }

    /// <summary>http may be used for other machines too. Off by default.</summary>
    public bool AllowHttp { get; init; }

    /// <summary>The longest wait before the second try; it doubles with each further one. 500 ms by default.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait of all. 5 min by default.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>For one of several partitions: together they keep no more for a subscriber than one process does, but a thousand facts each at least.</summary>
    public WebhookOptions OfOnePartition(int partitions) => this with { MaxBehind = Math.Max(1000, MaxBehind / partitions) };
}
