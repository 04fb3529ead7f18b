namespace StreamInsight.Decisions;

/// <summary>What an action has been to a customer so far.</summary>
[Flags]
public enum Outcome : byte
{
    None = 0,

    /// <summary>It was in the customer's ranking.</summary>
    Offered = 1,

    /// <summary>It would have been, but for the holdout.</summary>
    HeldOut = 2,

    /// <summary>The customer accepted it after one of the two.</summary>
    Converted = 4,
}
