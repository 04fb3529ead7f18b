namespace StreamInsight.Sqlite;

/// <summary>One customer in a blob of packed customers: where its state stands there.</summary>
/// <param name="Length">0 = the customer was removed.</param>
internal readonly record struct PackedCustomer(string Id, long DueMs, string? Stage, int Start, int Length)
{
    public bool IsRemoved => Length == 0;
}
