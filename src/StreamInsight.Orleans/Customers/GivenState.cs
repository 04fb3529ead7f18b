namespace StreamInsight.Orleans.Customers;

/// <summary>What a customer's grain starts a step from.</summary>
public enum GivenState : byte
{
    /// <summary>What it remembers.</summary>
    Remembered,

    /// <summary>The row that comes with the call, whatever it remembers.</summary>
    Row,

    /// <summary>Nothing: the customer does not exist yet.</summary>
    None,
}
