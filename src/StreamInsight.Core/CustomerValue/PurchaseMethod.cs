namespace StreamInsight.CustomerValue;

/// <summary>How a customer's value is computed.</summary>
public enum PurchaseMethod : byte
{
    /// <summary>Purchases per year × average value × expected years.</summary>
    Simple,

    /// <summary>Expected purchases by BG/NBD × expected spend by Gamma-Gamma.</summary>
    BgNbd,
}
