namespace StreamInsight.Pipeline;

/// <summary>A customer whose state cannot be read.</summary>
/// <param name="Reason">Why; without personal data.</param>
/// <param name="State">As it was stored.</param>
public readonly record struct QuarantinedCustomer(string Id, string Reason, ReadOnlyMemory<byte> State);
