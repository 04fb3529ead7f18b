using StreamInsight.Expressions;
using StreamInsight.State;

namespace StreamInsight.Features;

/// <summary>
/// One observed feature: how an entry changes its memory and what it reads as. Planned once, shared by all customers; a customer's memory is passed in.
/// Laws: what is read depends on the entries added and on <c>now</c>, not on when it was read before; merging is adding the other side's entries.
/// </summary>
/// <param name="region">Where in a customer's memory it keeps what it remembers.</param>
public abstract class Feature(string name, CelType type, MemoryRegion region)
{
    public string Name => name;

    /// <summary>The type it reads as; nullable where it may have no value.</summary>
    public CelType Type => type;

    public MemoryRegion Region => region;

    /// <summary>Adds one entry at clock <paramref name="nowMs"/>.</summary>
    public abstract void Observe(ref CustomerMemory memory, in Entry entry, long nowMs);

    /// <summary>The value at <c>context.Now</c>; tells the context until when it holds.</summary>
    public abstract Value Read(ref CustomerMemory memory, EvalContext context, FeatureScratch scratch);

    /// <summary>Takes the other side's entries in; the other may not be used afterwards.</summary>
    public abstract void Merge(ref CustomerMemory into, ref CustomerMemory from, long nowMs);

    /// <summary>What the value rests on, for explain.</summary>
    public abstract FeatureCoverage Coverage(ref CustomerMemory memory, long nowMs, long bornMs);

    /// <summary>Writes what it remembers: a tag that is never reused for another layout, and what follows from it; the tag 0 alone = nothing yet.</summary>
    public virtual void Encode(ref CustomerMemory memory, StateWriter writer)
    {
        FeatureState? state = memory.State(region);
        writer.WriteByte(state?.Tag ?? 0);
        state?.Encode(writer);
    }

    /// <summary>Reads what <see cref="Encode"/> wrote after a tag that is not 0, into a memory that has nothing of this feature.</summary>
    public virtual void Decode(ref CustomerMemory memory, byte tag, ref StateReader reader) => memory.SetState(region, FeatureState.Decode(tag, ref reader));

    /// <summary><c>feature OP constant</c>; the default reads the value, so its instant is when the value next changes.</summary>
    public virtual Value Compare(ref CustomerMemory memory, EvalContext context, FeatureScratch scratch, Comparison comparison, Value constant) =>
        Comparisons.Compare(Read(ref memory, context, scratch), comparison, constant);

    /// <summary>The value at an instant if nothing is added until then.</summary>
    internal abstract Value ValueAt(ref CustomerMemory memory, long nowMs, FeatureScratch scratch);
}
