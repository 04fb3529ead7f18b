namespace StreamInsight.Sqlite;

/// <summary>Limits of the embedded log.</summary>
public sealed record SqliteLogOptions
{
    /// <summary>How long applied records are kept, for replays. 7 days by default.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Applied records go, oldest first, when all records together are larger; records not applied yet may take as much again, then appends are refused. 4 GiB by default.</summary>
    public long MaxBytes { get; init; } = 4L << 30;

    /// <summary>Appends that may wait for their turn; more are refused at once. 8,192 by default.</summary>
    public int MaxWaiting { get; init; } = 8192;
}
