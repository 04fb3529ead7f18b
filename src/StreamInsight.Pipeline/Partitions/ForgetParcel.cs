namespace StreamInsight.Pipeline.Partitions;

/// <summary>An id of a customer that was erased: it is erased where it lives, too.</summary>
/// <param name="AtMs">When, UTC ms.</param>
/// <param name="UntilMs">Until when its records are refused, UTC ms.</param>
public sealed record ForgetParcel(string Customer, long AtMs, long UntilMs) : Parcel(Customer);
