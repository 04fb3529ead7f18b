namespace StreamInsight.Definitions.Shapes;

/// <summary>What stands behind an aggregate's key.</summary>
internal enum Operand : byte
{
    /// <summary>An event, or a property of one.</summary>
    Event,

    /// <summary>A property of an event.</summary>
    Property,

    /// <summary>A list of events.</summary>
    Steps,

    Expression,

    /// <summary>A map that names the purchases and what is read of them.</summary>
    Purchases,
}

/// <summary>An aggregate's key, what may stand behind it, and the types of properties it can work with.</summary>
internal sealed record AggregateRule(string Key, Aggregate Aggregate, Operand Operand, IReadOnlyList<PropertyType> Types, string Doc)
{
    private static readonly PropertyType[] Numbers = [PropertyType.Int, PropertyType.Double];

    private static readonly PropertyType[] Ordered = [PropertyType.Int, PropertyType.Double, PropertyType.String, PropertyType.Timestamp];

    private static readonly PropertyType[] Any = Enum.GetValues<PropertyType>();

    public static IReadOnlyList<AggregateRule> All { get; } =
    [
        new("count", Aggregate.Count, Operand.Event, Any, "Number of events (with the property, if one is named)."),
        new("sum", Aggregate.Sum, Operand.Property, Numbers, "Sum of a number; 0 over nothing."),
        new("avg", Aggregate.Avg, Operand.Property, Numbers, "Mean of a number."),
        new("stddev", Aggregate.Stddev, Operand.Property, Numbers, "Standard deviation of a number (of the population)."),
        new("min", Aggregate.Min, Operand.Property, Ordered, "Least value."),
        new("max", Aggregate.Max, Operand.Property, Ordered, "Greatest value."),
        new("first", Aggregate.First, Operand.Property, Any, "Value of the earliest event."),
        new("last", Aggregate.Last, Operand.Property, Any, "Value of the latest event."),
        new("last_k", Aggregate.LastK, Operand.Property, Any, "Values of the latest events, newest first."),
        new("distinct", Aggregate.Distinct, Operand.Property, Any, "Number of different values, at most 256."),
        new("mode", Aggregate.Mode, Operand.Property, Any, "The most frequent value."),
        new("decayed", Aggregate.Decayed, Operand.Event, Numbers, "Number of events, or sum of a number, in which older ones weigh less."),
        new("sequence", Aggregate.Sequence, Operand.Steps, [], "How often the events happened in this order."),
        new("sessions", Aggregate.Sessions, Operand.Event, Any, "Number of visits: runs of events without a long pause."),
        new("clv", Aggregate.Clv, Operand.Purchases, Numbers, "Customer lifetime value, or a part of it."),
        new("p_alive", Aggregate.PAlive, Operand.Purchases, Numbers, "The chance that the customer still is one (BG/NBD)."),
        new("rfm", Aggregate.Rfm, Operand.Purchases, Numbers, "A score of 1 to 5 by recency, frequency or spend, or all three as one number."),
        new("expr", Aggregate.Expr, Operand.Expression, [], "Computed from other features, traits and now."),
    ];
}
