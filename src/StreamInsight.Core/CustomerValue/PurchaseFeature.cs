using StreamInsight.Definitions;
using StreamInsight.Expressions;
using StreamInsight.Features;

namespace StreamInsight.CustomerValue;

/// <summary>
/// A feature of a customer's purchases: lifetime value and its parts, or an RFM score. Purchases of one local day are one. What moves with time moves at local midnight,
/// by whole days; every such reading only falls while nothing is bought (<c>age</c> only rises), so a comparison with a constant turns once, on a day that is searched for.
/// </summary>
internal sealed class PurchaseFeature(string name, PurchaseReading reading, PropertyType? valueType, LocalDays calendar, int mostDays, MemoryRegion region)
    : Feature(name, CelType.Nullable(reading.IsWhole ? CelType.Int : CelType.Double), region)
{
    /// <summary>A comparison is followed this many days ahead; then it is looked at again.</summary>
    private const long MostDaysAhead = 1 << 16;

    public PurchaseReading Reading => reading;

    public override void Observe(ref CustomerMemory memory, in Entry entry, long nowMs)
    {
        double spend = valueType switch
        {
            PropertyType.Double => BitConverter.Int64BitsToDouble(entry.Bits),
            PropertyType.Int => entry.Bits,
            _ => 0,
        };
        if (memory.State(Region) is null)
            memory.SetState(Region, new PurchaseHistory());
        ((PurchaseHistory)memory.State(Region)!).Add(calendar.Of(entry.TimeMs), double.IsFinite(spend) ? spend : 0, mostDays);
    }

    public override Value Read(ref CustomerMemory memory, EvalContext context, FeatureScratch scratch)
    {
        if (memory.State(Region) is not PurchaseHistory history)
            return Value.Null;
        if (reading.Moves)
            context.Until(calendar.NextMidnight(context.Now));
        return On(history, Today(history, context.Now));
    }

    public override Value Compare(ref CustomerMemory memory, EvalContext context, FeatureScratch scratch, Comparison comparison, Value constant)
    {
        if (memory.State(Region) is not PurchaseHistory history || !reading.Moves || comparison is Comparison.Equal or Comparison.NotEqual)
            return base.Compare(ref memory, context, scratch, comparison, constant);

        long today = Today(history, context.Now);
        Value result = Comparisons.Compare(On(history, today), comparison, constant);
        if (result.IsError)
            return result;
        long same = 0, other = 1;
        while (other < MostDaysAhead && !TurnedAfter(other))
            (same, other) = (other, other * 2);
        while (other - same > 1 && other < MostDaysAhead)
        {
            long middle = (same + other) / 2;
            if (TurnedAfter(middle))
                other = middle;
            else
                same = middle;
        }

        context.Until(Math.Max(calendar.Start(today + other), context.Now + 1));
        return result;

        bool TurnedAfter(long days) => Comparisons.Compare(ToValue(reading.On(history, today + days)), comparison, constant).IsTrue != result.IsTrue;
    }

    public override void Merge(ref CustomerMemory into, ref CustomerMemory from, long nowMs)
    {
        if (from.State(Region) is not PurchaseHistory theirs)
            return;
        if (into.State(Region) is PurchaseHistory mine)
            mine.Absorb(theirs, mostDays);
        else
            into.SetState(Region, theirs);
    }

    public override FeatureCoverage Coverage(ref CustomerMemory memory, long nowMs, long bornMs) =>
        new("lifetime", null, true, memory.State(Region) is PurchaseHistory { IsInexact: true }, false);

    internal override Value ValueAt(ref CustomerMemory memory, long nowMs, FeatureScratch scratch) =>
        memory.State(Region) is PurchaseHistory history ? On(history, Today(history, nowMs)) : Value.Null;

    /// <summary>A clock that is set back at midnight may show the day before the last purchase once more.</summary>
    private long Today(PurchaseHistory history, long nowMs) => Math.Max(calendar.Of(nowMs), history.LastDay);

    private Value On(PurchaseHistory history, long today)
    {
        if (history.ReadOn != today)
            (history.ReadOn, history.ReadValue) = (today, reading.On(history, today));
        return ToValue(history.ReadValue);
    }

    private Value ToValue(double number) => !double.IsFinite(number) ? Value.Null : reading.IsWhole ? Value.Int((long)number) : Value.Double(number);
}
