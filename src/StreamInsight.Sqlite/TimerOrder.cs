using StreamInsight.Pipeline;

namespace StreamInsight.Sqlite;

/// <summary>Timers by due, then by id as SQLite orders text.</summary>
internal static class TimerOrder
{
    public static int Compare(StoredTimer a, StoredTimer b) => a.DueMs != b.DueMs ? a.DueMs.CompareTo(b.DueMs) : Utf8Order.Compare(a.Customer, b.Customer);
}
