namespace StreamInsight.Pipeline;

/// <summary>What a place that shows customers should show of one.</summary>
/// <param name="View">How the customer stands.</param>
/// <param name="Seq">The customer's last fact that was delivered there; later ones are still to come.</param>
/// <param name="Since">By segment the customer is in, the time of its entry, UTC ms.</param>
public sealed record ReconcileItem(CustomerView View, long Seq, IReadOnlyDictionary<string, long> Since);
