namespace StreamInsight.CustomerValue;

/// <summary>What a feature of purchases gives. The first seven are the words of <c>clv</c>'s <c>give</c>, the others those of <c>rfm</c>'s.</summary>
public enum PurchaseGive : byte
{
    /// <summary>Expected value in the horizon.</summary>
    Value,

    /// <summary>The chance that the customer has not left.</summary>
    PAlive,

    /// <summary>Expected days with a purchase in the horizon.</summary>
    ExpectedPurchases,

    /// <summary>Expected spend on a day with a purchase.</summary>
    ExpectedSpend,

    /// <summary>Days with a purchase after the first.</summary>
    Frequency,

    /// <summary>Weeks from the first to the last.</summary>
    Recency,

    /// <summary>Weeks since the first.</summary>
    Age,

    /// <summary>Mean spend on a day with a purchase, the first excluded.</summary>
    Monetary,

    RecencyScore,

    FrequencyScore,

    MonetaryScore,

    /// <summary>All three as one number: 100·R + 10·F + M.</summary>
    RfmScore,
}
