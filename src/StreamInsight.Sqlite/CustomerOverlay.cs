using StreamInsight.Pipeline;

namespace StreamInsight.Sqlite;

/// <summary>
/// The customers of the journal, newest of each, in memory: what is here is newer than the table <c>customers</c>. Any thread.
/// </summary>
internal sealed class CustomerOverlay
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Puts the customers of one journal row over what is here.</summary>
    public void Add(long journalRow, byte[] packed)
    {
        lock (_gate)
        {
            foreach (CustomerRow row in PackedCustomers.Unpack(packed))
                _entries[row.Id] = new Entry(journalRow, row);
        }
    }

    /// <summary>False: nothing here, the table knows. A removed customer is here, with an empty state.</summary>
    public bool TryFind(string id, out CustomerRow row)
    {
        lock (_gate)
        {
            bool found = _entries.TryGetValue(id, out Entry entry);
            row = entry.Row;
            return found;
        }
    }

    public CustomerRow[] Snapshot()
    {
        lock (_gate)
            return [.. _entries.Values.Select(entry => entry.Row)];
    }

    /// <summary>Forgets what has not changed since a journal row that is now folded into the table.</summary>
    public void RemoveUpTo(long journalRow)
    {
        lock (_gate)
        {
            foreach ((string id, Entry entry) in _entries)
            {
                if (entry.JournalRow <= journalRow)
                    _entries.Remove(id);
            }
        }
    }

    private readonly record struct Entry(long JournalRow, CustomerRow Row);
}
