namespace StreamInsight.Sqlite;

/// <summary>The newest a customer has in the journal: the row, and where in it.</summary>
internal readonly record struct JournalEntry(long Row, PackedCustomer Customer);
