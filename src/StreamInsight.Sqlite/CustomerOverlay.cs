namespace StreamInsight.Sqlite;

/// <summary>
/// Which customers the journal holds, and where the newest of each stands there: what is here is newer than the table <c>customers</c>. Any thread.
/// </summary>
internal sealed class CustomerOverlay
{
    private readonly Dictionary<string, JournalEntry> _entries = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Puts the customers of one journal row over what is here.</summary>
    public void Add(long row, List<PackedCustomer> customers)
    {
        lock (_gate)
        {
            foreach (PackedCustomer customer in customers)
                _entries[customer.Id] = new JournalEntry(row, customer);
        }
    }

    /// <summary>False: nothing here, the table knows. A removed customer is here, as removed.</summary>
    public bool TryFind(string id, out JournalEntry entry)
    {
        lock (_gate)
            return _entries.TryGetValue(id, out entry);
    }

    public JournalEntry[] Snapshot()
    {
        lock (_gate)
            return [.. _entries.Values];
    }

    /// <summary>Forgets what has not changed since a journal row that is now folded into the table.</summary>
    public void RemoveUpTo(long row)
    {
        lock (_gate)
        {
            foreach ((string id, JournalEntry entry) in _entries)
            {
                if (entry.Row <= row)
                    _entries.Remove(id);
            }
        }
    }
}
