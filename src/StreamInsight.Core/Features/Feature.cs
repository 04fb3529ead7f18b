using StreamInsight.Expressions;

namespace StreamInsight.Features;

/// <summary>
/// One observed feature: how an entry changes its memory and what it reads as. Planned once, shared by all customers; the memory is passed in.
/// Laws: what is read depends on the entries added and on <c>now</c>, not on when it was read before; merging is adding the other side's entries.
/// </summary>
public abstract class Feature(string name, CelType type)
{
    public string Name => name;

    /// <summary>The type it reads as; nullable where it may have no value.</summary>
    public CelType Type => type;

    /// <summary>Adds one entry at clock <paramref name="nowMs"/>.</summary>
    public abstract void Observe(ref FeatureState? state, in Entry entry, long nowMs);

    /// <summary>The value at <c>context.Now</c>; tells the context until when it holds.</summary>
    public abstract Value Read(FeatureState? state, EvalContext context, FeatureScratch scratch);

    /// <summary>This side's entries and the other's; the other may not be used afterwards.</summary>
    public abstract FeatureState? Merge(FeatureState? into, FeatureState? from, long nowMs);

    /// <summary>What the value rests on, for explain.</summary>
    public abstract FeatureCoverage Coverage(FeatureState? state, long nowMs, long bornMs);

    /// <summary><c>feature OP constant</c>; the default reads the value, so its instant is when the value next changes.</summary>
    public virtual Value Compare(FeatureState? state, EvalContext context, FeatureScratch scratch, Comparison comparison, Value constant) =>
        Comparisons.Compare(Read(state, context, scratch), comparison, constant);
}
