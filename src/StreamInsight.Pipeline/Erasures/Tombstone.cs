namespace StreamInsight.Pipeline.Erasures;

/// <summary>An erased id, as its digest: records of it are refused as <c>erased</c> while their record time is below <paramref name="UntilMs"/> (UTC ms).</summary>
public readonly record struct Tombstone(UInt128 Digest, long UntilMs);
