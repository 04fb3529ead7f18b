using System.Diagnostics;
using StreamInsight.Oracle.Generation;

namespace StreamInsight.Fuzz;

/// <summary>Input after input into one target: no exception but the documented one, no second, no more memory than an input deserves, the same answer twice.</summary>
/// <param name="patience">How long one input may take; a second by default.</param>
public sealed class Fuzzer(IFuzzTarget target, TimeSpan? patience = null)
{
    private const long BytesAllowed = 64 << 20;

    private readonly TimeSpan _patience = patience ?? TimeSpan.FromSeconds(1);
    private readonly Mutator _mutator = new(target);

    public byte[] Input(ulong number) => _mutator.Next(new Prng(number * 0x9E3779B97F4A7C15 + 7));

    /// <summary>What is wrong with this input; null = nothing.</summary>
    public string? Try(ulong number, bool twice) => Try(Input(number), twice);

    public string? Try(byte[] input, bool twice)
    {
        try
        {
            string said = Timed(input, out TimeSpan took, out long allocated);
            // A busy machine is no finding: the least of a few counts.
            for (int again = 0; again < 4 && took > _patience; again++)
            {
                Timed(input, out TimeSpan next, out _);
                took = next < took ? next : took;
            }
            if (took > _patience)
                return $"{took.TotalSeconds:0.0} s";
            if (allocated > BytesAllowed + 100L * input.Length)
                return $"{allocated:N0} bytes allocated for {input.Length:N0}";
            if (twice && target.Read(input) != said)
                return "another answer the second time";
            return null;
        }
        catch (Exception finding) when (finding is not OutOfMemoryException)
        {
            return finding.ToString();
        }
    }

    private string Timed(byte[] input, out TimeSpan took, out long allocated)
    {
        long bytes = GC.GetAllocatedBytesForCurrentThread(), started = Stopwatch.GetTimestamp();
        string said = target.Read(input);
        took = Stopwatch.GetElapsedTime(started);
        allocated = GC.GetAllocatedBytesForCurrentThread() - bytes;
        return said;
    }
}
