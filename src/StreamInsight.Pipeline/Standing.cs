namespace StreamInsight.Pipeline;

/// <summary>How customers stand between two batches, for whoever keeps copies of it outside.</summary>
/// <param name="Views">One for each id asked for, in order; null = no such customer (any more).</param>
/// <param name="KnownUntilMs">Everything that happened up to this instant is in, UTC ms: no record and no timer from before is still to come.</param>
/// <param name="FactPosition">The outbox position that the last fact they caused has or will have.</param>
public sealed record Standing(IReadOnlyList<CustomerView?> Views, long KnownUntilMs, long FactPosition);
