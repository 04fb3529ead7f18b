namespace StreamInsight.Bench.Live;

/// <summary>Milliseconds, each measured; nothing is estimated.</summary>
/// <param name="ms">In any order.</param>
/// <param name="missing">Of how many nothing was ever seen.</param>
internal sealed class Latencies(List<double> ms, int missing)
{
    private readonly double[] _sorted = [.. ms.Order()];

    public int Count => _sorted.Length;

    public int Missing => missing;

    /// <summary>The least value that a share of all does not exceed; not a number when there is none.</summary>
    /// <param name="share">0 … 1.</param>
    public double At(double share) => Count == 0 ? double.NaN : _sorted[Math.Clamp((int)Math.Ceiling(share * Count) - 1, 0, Count - 1)];
}
