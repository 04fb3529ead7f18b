namespace StreamInsight.Decisions;

/// <summary>A contact with a customer, or a place held for one.</summary>
/// <param name="AtMs">When it was made or reserved.</param>
/// <param name="Action">Its action, by number in the model.</param>
/// <param name="Channel">By number in the model; -1 = one that the model does not name.</param>
/// <param name="ExpiresMs">A reservation is released at this instant; <see cref="long.MaxValue"/> = the contact was made.</param>
/// <param name="Decision">Hash of the decision's id; 0 = none.</param>
public readonly record struct Contact(long AtMs, int Action, int Channel, long ExpiresMs, ulong Decision)
{
    public bool IsReservation => ExpiresMs != long.MaxValue;
}
