using StreamInsight.Oracle.Customers;
using StreamInsight.Oracle.Generation;

namespace StreamInsight.Oracle.Comparison;

/// <summary>A random model with a random log, both made from one number.</summary>
public sealed record Seed(ulong Number, string Model, List<byte[]> Log, bool EveryMillisecond)
{
    public static Seed Of(ulong number)
    {
        var random = new Prng(number);
        var scale = TimeScale.Random(random);
        var model = ModelGenerator.Model(random, scale);
        return new(number, model, LogGenerator.Log(random, scale), scale.EveryMillisecond);
    }

    /// <summary>Whether the last digits of some value are left open by the semantics.</summary>
    public bool HasRoundings => Model.Contains("decayed:", StringComparison.Ordinal) || Model.Contains("stddev:", StringComparison.Ordinal);

    public ReplayOutput Oracle(IReadOnlyList<byte[]> log) => ReferenceReplay.Run(Model, log, EveryMillisecond);

    public Difference? Compare(IReadOnlyList<byte[]> log) => Difference.First(Oracle(log), EngineUnderTest.Run(Model, log), HasRoundings);
}
