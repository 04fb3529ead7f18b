namespace StreamInsight.Features;

/// <summary>
/// What a feature's value rests on. <paramref name="Mode"/>: exact, tiles or lifetime. <paramref name="CoveredFromMs"/>: entries later than this are in the value; null = all.
/// <paramref name="IsComplete"/>: the customer is known for the whole window and offset. <paramref name="IsTruncated"/>: entries that belong were let go.
/// <paramref name="IsCapped"/>: values beyond the limit were forgotten.
/// </summary>
public readonly record struct FeatureCoverage(string Mode, long? CoveredFromMs, bool IsComplete, bool IsTruncated, bool IsCapped);
