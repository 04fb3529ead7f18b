namespace StreamInsight.Oracle.Generation;

/// <summary>How long the windows of a random model are, and how far apart the records of its log.</summary>
/// <param name="EveryMillisecond">The oracle tries a timer step at every millisecond.</param>
/// <param name="Durations">As the model writes them; few, so that instants coincide.</param>
/// <param name="GapMs">Records are up to this far apart, unless exactly a duration.</param>
public sealed record TimeScale(bool EveryMillisecond, IReadOnlyList<string> Durations, long GapMs)
{
    public const long StartMs = 1_772_366_400_000; // 2026-03-01T12:00:00Z

    public static TimeScale Random(Prng random) => random.Chance(60)
        ? new(true, Some(random, ["5ms", "10ms", "20ms", "30ms", "59ms", "60ms", "61ms", "100ms", "125ms", "200ms", "500ms"]), random.Pick([10L, 25L, 60L]))
        : new(false, Some(random, ["1s", "1m", "5m", "10m", "30m", "1h", "1h30m", "90m", "2h", "6h", "1d", "61m"]), random.Pick([60_000L, 600_000L, 3_600_000L]));

    private static List<string> Some(Prng random, string[] from)
    {
        var some = Enumerable.Range(0, 3).Select(_ => random.Pick(from)).ToList();
        return some;
    }
}
