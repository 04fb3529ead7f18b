namespace StreamInsight.Definitions;

/// <summary>Which aggregate a feature computes.</summary>
public enum Aggregate : byte
{
    Count,
    Sum,
    Avg,
    Stddev,
    Min,
    Max,
    First,
    Last,
    LastK,
    Distinct,
    Mode,
    Decayed,
    Sequence,
    Sessions,

    /// <summary>A derived feature: an expression over other features, traits and now.</summary>
    Expr,
}
