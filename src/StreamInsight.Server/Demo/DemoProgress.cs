namespace StreamInsight.Server.Demo;

/// <summary>How far a demo was: enough to simulate the same town again and go on where it stopped.</summary>
/// <param name="Sent">Messages handed in when the embedded log ended at <paramref name="LogEnd"/>.</param>
/// <param name="LogEnd">Number of the log's last record then.</param>
/// <param name="DateMs">The simulated date, UTC ms.</param>
public sealed record DemoProgress(ulong Seed, int Customers, long StartMs, long Sent, long LogEnd, long DateMs);
