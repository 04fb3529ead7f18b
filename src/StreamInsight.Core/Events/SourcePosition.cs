namespace StreamInsight.Events;

/// <summary>
/// Where a record stands in its source. <paramref name="Source"/> is empty for a file (<paramref name="Offset"/> = line, from 1), <c>log</c> for the embedded log,
/// <c>topic/partition</c> for Kafka. <paramref name="Index"/> counts from 0 inside a batch; -1 = not in a batch.
/// </summary>
public readonly record struct SourcePosition(string Source, long Offset, int Index = -1)
{
    /// <summary>As dead letters and causes write it: <c>17</c>, <c>17.3</c>, <c>insight.events/4/129</c>.</summary>
    public override string ToString()
    {
        string offset = Index < 0 ? $"{Offset}" : $"{Offset}.{Index}";
        return string.IsNullOrEmpty(Source) ? offset : $"{Source}/{offset}";
    }
}
