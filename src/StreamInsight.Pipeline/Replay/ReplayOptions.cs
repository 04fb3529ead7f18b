namespace StreamInsight.Pipeline.Replay;

/// <summary>What to replay.</summary>
public sealed record ReplayOptions
{
    public required CompiledModel Model { get; init; }

    /// <summary>JSON lines; unzipped already.</summary>
    public required Stream Events { get; init; }

    /// <summary>Where facts.jsonl, profiles.jsonl, dead.jsonl and summary.json go; null = nothing but the summary is made.</summary>
    public string? OutputDirectory { get; init; }

    /// <summary>Every customer is advanced at least to here, UTC ms; null = to the greatest record time of the log.</summary>
    public long? UntilMs { get; init; }

    /// <summary>Customers are spread over this many threads; has no influence on the result. 1 = everything on one thread.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>The log is read in blocks of about so many bytes, whole lines each. The result does not depend on it.</summary>
    public int BlockBytes { get; init; } = 64 * 1024;

    /// <summary>Ids a customer may have.</summary>
    public int IdentityLimit { get; init; } = Identity.IdentityMap.DefaultLimit;

    /// <summary>Told now and then how far it is.</summary>
    public IProgress<ReplayProgress>? Progress { get; init; }
}

/// <summary>How far a replay is.</summary>
public readonly record struct ReplayProgress(string Phase, long Events, long Bytes);
