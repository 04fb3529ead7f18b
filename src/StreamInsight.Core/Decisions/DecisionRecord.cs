namespace StreamInsight.Decisions;

/// <summary>One decision asked for: what was chosen, what was reserved, and why; as it is kept and as it is answered.</summary>
/// <param name="Id">Its id, as the request gave it; the cause of the step where it gave none.</param>
/// <param name="Reserved">The action whose place in the caps is held; null = none.</param>
/// <param name="ReservedUntilMs">When the reservation is released; 0 = there is none.</param>
/// <param name="Json">The whole record: the answer, every action with the gate that removed it or its factors, and the values that were read (UTF-8).</param>
public sealed record DecisionRecord(
    string Id, string Customer, string Channel, long AtMs, IReadOnlyList<RankedAction> Actions, string? Reserved, long ReservedUntilMs, RoutingDecision? Routing, byte[] Json);
