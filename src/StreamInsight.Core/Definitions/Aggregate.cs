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

    /// <summary>A reading of the customer's purchases: lifetime value and its parts.</summary>
    Clv,

    /// <summary>The chance that the customer has not left, by itself.</summary>
    PAlive,

    /// <summary>A quantile score of the customer's purchases.</summary>
    Rfm,

    /// <summary>A derived feature: an expression over other features, traits and now.</summary>
    Expr,
}
