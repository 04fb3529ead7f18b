using System.Text.RegularExpressions;
using StreamInsight.Oracle.Customers;
using StreamInsight.Oracle.Generation;

namespace StreamInsight.Oracle.Comparison;

/// <summary>A random model with a random log, both made from one number.</summary>
/// <param name="IsShort">The log lasts seconds: the oracle can try every millisecond.</param>
public sealed partial record Seed(ulong Number, string Model, List<byte[]> Log, bool IsShort)
{
    /// <summary>Whether the instants at which something turns can be listed: not so for decayed sums and where the clock is taken apart.</summary>
    public bool HasCandidates => !TakesTimeApart().IsMatch(Model);

    /// <summary>Every millisecond where that is needed, and now and then where it is not.</summary>
    private bool EveryMillisecond => IsShort && (!HasCandidates || Number % 8 == 0);

    [GeneratedRegex(@"decayed:|get(Milli)?[sS]econds|int\(now|\(now\)|\(now - [^)]*\)")]
    private static partial Regex TakesTimeApart();

    public static Seed Of(ulong number)
    {
        var random = new Prng(number);
        var scale = TimeScale.Random(random);
        var model = ModelGenerator.Model(random, scale);
        return new(number, model, LogGenerator.Log(random, scale), scale.EveryMillisecond);
    }

    /// <summary>With scores, actions, policy, queues and routing, and a log of what they live on.</summary>
    /// <param name="number">What all is made from.</param>
    /// <param name="learns">One score learns: nothing for the oracle.</param>
    public static Seed Deciding(ulong number, bool learns = false)
    {
        var random = new Prng(number ^ 0xDEC1DE);
        var scale = TimeScale.Random(random);
        var model = ModelGenerator.Model(random, scale, decides: true, learns);
        return new(number, model, LogGenerator.Log(random, scale, decides: true), scale.EveryMillisecond);
    }

    /// <summary>The same with lines that were tampered with; for how records are read.</summary>
    public static Seed Strange(ulong number)
    {
        var random = new Prng(number ^ 0x5EED);
        while (true)
        {
            var scale = TimeScale.Random(random);
            var model = ModelGenerator.Model(random, scale);
            // A tampered time may be years away: too many milliseconds, and too many hours of the day, to try.
            if (scale.EveryMillisecond || model.Contains("now.get", StringComparison.Ordinal)) continue;
            var mutations = new Mutations(random);
            var log = LogGenerator.Log(random, scale).ConvertAll(l => random.Chance(60) ? mutations.Mutate(l) : l);
            return new(number, model, log.SelectMany(l => LogFile.Lines([.. l, (byte)'\n'])).ToList(), false);
        }
    }

    /// <summary>Whether the last digits of some value are left open by the semantics.</summary>
    public bool HasRoundings => Model.Contains("decayed:", StringComparison.Ordinal) || Model.Contains("stddev:", StringComparison.Ordinal);

    /// <summary>Now and then an end of its own, before or after that of the log.</summary>
    private long? UntilMs => Number % 6 == 5 ? TimeScale.StartMs + (long)(Number * 7919 % 10_000) * (IsShort ? 1 : 7_200) : null;

    public ReplayOutput Oracle(IReadOnlyList<byte[]> log) => ReferenceReplay.Run(Model, log, EveryMillisecond, UntilMs);

    public ReplayOutput Engine(IReadOnlyList<byte[]> log, int parallel = 1, int blockBytes = 256 * 1024) =>
        EngineUnderTest.Run(Model, log, parallel, UntilMs, blockBytes);

    public Difference? Compare(IReadOnlyList<byte[]> log) => Difference.First(Oracle(log), Engine(log), HasRoundings);
}
