using StreamInsight.Expressions;
using StreamInsight.Features.Aggregates;

namespace StreamInsight.Features;

/// <summary>When a decayed sum crosses a constant. Between entries the sum is one exponential, so the instant has a closed form; the definition has the last word.</summary>
public static class DecayedCrossing
{
    /// <summary>
    /// A decayed sum in an expression other than <c>feature OP constant</c> has no instant to compute: it is looked at again after a thousandth of
    /// its half-life (it has changed by less than 0.07 % then), at least a second later.
    /// </summary>
    public static long NextLook(long nowMs, DecayedAggregate decayed) => nowMs + Math.Max(1000, decayed.HalfLifeMs / 1000);

    /// <param name="endMs">The first instant at which an entry enters or leaves; the search stops there.</param>
    public static Value Compare(
        DecayedAggregate decayed, Feature feature, ref CustomerMemory memory, EvalContext context, FeatureScratch scratch, Value value, Comparison comparison, Value constant, long endMs)
    {
        Value result = Comparisons.Compare(value, comparison, constant);
        double threshold = constant.Kind switch
        {
            ValueKind.Double => constant.AsDouble,
            ValueKind.Int => constant.AsInt,
            ValueKind.Uint => constant.AsUint,
            _ => double.NaN,
        };

        // Each answer changes where the sum passes the threshold; a sum goes towards zero and never through it.
        double ratio = value.AsDouble / threshold;
        if (result.IsError || !(ratio >= 1) || double.IsInfinity(ratio))
            return result;

        double spanMs = decayed.HalfLifeMs * Math.Log2(ratio);
        if (spanMs > 4e15)
            return result;
        long candidate = Math.Max(context.Now + 1, context.Now + (long)spanMs - 1);
        for (int step = 0; step < 4 && candidate < endMs; step++, candidate++)
        {
            Value then = Comparisons.Compare(feature.ValueAt(ref memory, candidate, scratch), comparison, constant);
            if (then.IsTrue != result.IsTrue)
                break;
        }

        context.Until(candidate);
        return result;
    }
}
