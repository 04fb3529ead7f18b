using StackExchange.Redis;
using StreamInsight.Pipeline;

namespace StreamInsight.Redis.State;

/// <summary>
/// Rows that were read ahead of the loads that ask for them; each is given once. What a commit writes is never among them: it is taken out when the commit begins, and rows that were read
/// while one began are not taken in where it may have written them. Any thread.
/// </summary>
internal sealed class Prefetched
{
    /// <summary>How far links are followed.</summary>
    public const int MaxHops = 4;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, byte[]?> _customers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]?> _ids = new(StringComparer.Ordinal);
    private HashSet<string>? _written = [];  // by the last commit that began, which may still run; null = not known
    private bool _isUsed;
    private long _changes;

    /// <summary>How often something happened that makes rows read before unsafe to take in; to be read before rows are.</summary>
    public long Changes
    {
        get
        {
            lock (_gate)
                return _changes;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _isUsed = true;
            _customers.Clear();
            _ids.Clear();
        }
    }

    public bool TryTakeCustomer(string id, out byte[]? row) => TryTake(_customers, id, out row);

    public bool TryTakeId(string id, out byte[]? row) => TryTake(_ids, id, out row);

    /// <summary>A commit writes these from now on.</summary>
    public void CommitBegins(HostChanges changes)
    {
        lock (_gate)
        {
            _changes++;
            _written = null;
            if (!_isUsed)
                return; // who has never asked ahead need not pay for it
            _written =
            [
                .. changes.Customers.Select(customer => customer.Id), .. changes.RemovedCustomers, .. changes.Ids.Select(id => id.Id), .. changes.RemovedIds,
            ];
            foreach (string id in _written)
            {
                _customers.Remove(id);
                _ids.Remove(id);
            }
        }
    }

    /// <summary>It has ended, and nothing is written.</summary>
    public void CommitEnded()
    {
        lock (_gate)
        {
            if (_written is not null)
                return;
            _changes++;
            _written = [];
        }
    }

    /// <summary>Takes in rows that were read after <see cref="Changes"/> was. Gives the ids that these lead to and that are not here yet.</summary>
    public string[] Put(long seen, string[] ids, RedisValue[] customers, RedisValue[] rows)
    {
        lock (_gate)
        {
            if (_changes != seen || _written is null)
                return [];
            var next = new HashSet<string>(StringComparer.Ordinal);
            for (int i = 0; i < ids.Length; i++)
            {
                if (_written.Contains(ids[i]))
                    continue;
                _customers[ids[i]] = customers[i];
                _ids[ids[i]] = rows[i];
                if ((byte[]?)rows[i] is { } row && StateRows.Id(ids[i], row).LinkedTo is { } parent && !_ids.ContainsKey(parent))
                    next.Add(parent);
            }
            return [.. next];
        }
    }

    private bool TryTake(Dictionary<string, byte[]?> rows, string id, out byte[]? row)
    {
        lock (_gate)
            return rows.Remove(id, out row);
    }
}
