using StreamInsight.Expressions;
using StreamInsight.Features.Aggregates;
using StreamInsight.State;

namespace StreamInsight.Features;

/// <summary>
/// A feature over the customer's whole life, in constant space: one tile that covers everything, as the one entry of its region, or a table of values. Sums are in order of arrival.
/// </summary>
/// <param name="region">As <see cref="RegionIn"/> makes it.</param>
public sealed class LifetimeFeature(string name, WindowAggregate aggregate, MemoryRegion region) : Feature(name, aggregate.ReadType, region)
{
    private const byte TotalTag = 3;

    private WindowAggregate Aggregate => aggregate;

    public static MemoryRegion RegionIn(MemoryLayout layout, WindowAggregate aggregate, bool hasTexts) =>
        aggregate is TableAggregate ? layout.Add(0) : layout.Add(3, hasTexts);

    public override void Observe(ref CustomerMemory memory, in Entry entry, long nowMs)
    {
        if (Aggregate is TableAggregate table)
        {
            if (memory.State(Region) is null)
                memory.SetState(Region, table.NewTable());
            ((ValueTable)memory.State(Region)!).Add(0, entry);
            return;
        }

        Tile total = Total(ref memory);
        Aggregate.AddTo(ref total, entry);
        SetTotal(ref memory, total);
    }

    public override Value Read(ref CustomerMemory memory, EvalContext context, FeatureScratch scratch)
    {
        if (Aggregate is DecayedAggregate decayed && memory.HasEntries(Region))
            context.Until(DecayedCrossing.NextLook(context.Now, decayed));
        return ValueAt(ref memory, context.Now, scratch);
    }

    public override Value Compare(ref CustomerMemory memory, EvalContext context, FeatureScratch scratch, Comparison comparison, Value constant)
    {
        Value value = ValueAt(ref memory, context.Now, scratch);
        if (Aggregate is not DecayedAggregate decayed || !memory.HasEntries(Region))
            return Comparisons.Compare(value, comparison, constant);
        return DecayedCrossing.Compare(decayed, this, ref memory, context, scratch, value, comparison, constant, long.MaxValue);
    }

    public override void Merge(ref CustomerMemory into, ref CustomerMemory from, long nowMs)
    {
        if (from.State(Region) is ValueTable theirs)
        {
            if (into.State(Region) is ValueTable mine)
                mine.Absorb(theirs);
            else
                into.SetState(Region, theirs);
        }
        else if (from.HasEntries(Region))
        {
            Tile total = Total(ref from);
            if (into.HasEntries(Region))
            {
                Tile other = total;
                total = Total(ref into);
                Aggregate.Combine(ref total, other);
            }

            SetTotal(ref into, total);
        }
    }

    public override FeatureCoverage Coverage(ref CustomerMemory memory, long nowMs, long bornMs) =>
        new("lifetime", null, true, false, memory.State(Region) is ValueTable { IsCapped: true });

    public override void Encode(ref CustomerMemory memory, StateWriter writer)
    {
        if (!memory.HasEntries(Region))
        {
            base.Encode(ref memory, writer);
            return;
        }

        Tile total = Total(ref memory);
        writer.WriteByte(TotalTag);
        writer.WriteSigned(total.Count);
        writer.WriteBits(total.A);
        writer.WriteBits(total.B);
        writer.WriteText(total.Text);
    }

    public override void Decode(ref CustomerMemory memory, byte tag, ref StateReader reader)
    {
        if (tag != TotalTag)
        {
            base.Decode(ref memory, tag, ref reader);
            return;
        }

        if (Region.Width == 0)
            throw new InvalidDataException("State: a sum where the model has a table of values.");
        SetTotal(ref memory, new Tile { Count = reader.ReadSigned(), A = reader.ReadBits(), B = reader.ReadBits(), Text = reader.ReadText() });
    }

    internal override Value ValueAt(ref CustomerMemory memory, long nowMs, FeatureScratch scratch)
    {
        if (memory.State(Region) is ValueTable table)
            return table.Read(Aggregate, 0, nowMs);
        if (!memory.HasEntries(Region))
            return Aggregate.Empty;
        Tile total = Total(ref memory);
        return Aggregate.OverTiles(new ReadOnlySpan<Tile>(in total), nowMs);
    }

    private Tile Total(ref CustomerMemory memory)
    {
        Span<long> cells = memory.Cells(Region);
        return cells.IsEmpty ? default : new Tile { Count = cells[0], A = cells[1], B = cells[2], Text = memory.Text(Region) };
    }

    private void SetTotal(ref CustomerMemory memory, in Tile total)
    {
        Span<long> cells = memory.Cells(Region);
        if (cells.IsEmpty)
            cells = memory.Append(Region);
        (cells[0], cells[1], cells[2]) = (total.Count, total.A, total.B);
        memory.SetText(Region, total.Text);
    }
}
