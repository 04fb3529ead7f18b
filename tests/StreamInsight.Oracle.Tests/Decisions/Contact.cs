namespace StreamInsight.Oracle.Decisions;

/// <summary>A place taken in the caps: a reservation, and once it was shown or sent, a contact.</summary>
/// <param name="Decision">Null for a contact that no decision asked for.</param>
/// <param name="ReservedMs">Null where nothing was reserved before.</param>
/// <param name="ShownMs">Null while it is a reservation only.</param>
public sealed record Contact(string? Decision, string Action, string? Channel, long? ReservedMs, long? ShownMs)
{
    public bool IsOpen(long now, long reserveMs) => ShownMs is null && now < ReservedMs + reserveMs;
}
