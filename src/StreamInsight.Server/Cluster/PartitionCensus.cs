using StreamInsight.Facts;
using StreamInsight.Pipeline;
using StreamInsight.Redis.State;
using StreamInsight.Segments;

namespace StreamInsight.Server.Cluster;

/// <summary>
/// Who of one partition is in which segment, by the customers' own states, as of one commit, though others go on writing: every customer is read once, and what became of it since is taken
/// from the facts that came meanwhile. One caller at a time.
/// </summary>
internal sealed class PartitionCensus
{
    private const int PageSize = 1000;

    private readonly RedisStateStore _store;
    private readonly CompiledModel _model;
    private readonly Dictionary<string, int> _segments;
    private readonly Dictionary<string, long>[] _members;
    private readonly Dictionary<string, long> _seqs = new(StringComparer.Ordinal);
    private readonly List<OutboxFact> _meanwhile = [];
    private long _readTo;

    private PartitionCensus(RedisStateStore store, CompiledModel model)
    {
        (_store, _model) = (store, model);
        _segments = model.Segments.ToDictionary(segment => segment.Name, segment => segment.Index, StringComparer.Ordinal);
        _members = [.. model.Segments.Select(_ => new Dictionary<string, long>(StringComparer.Ordinal))];
    }

    /// <summary>The counters of that commit, and its last fact.</summary>
    public PartitionStanding Standing { get; private set; } = null!;

    /// <summary>Customers that are in no count, because their states cannot be read.</summary>
    public int Unreadable { get; private set; }

    /// <summary>Of every customer that was there, its last fact by then.</summary>
    public IReadOnlyDictionary<string, long> Seqs => _seqs;

    /// <summary>Looks at everybody.</summary>
    /// <param name="pause">Between two pages of a thousand, so that Redis has time for others.</param>
    public static async Task<PartitionCensus> TakeAsync(RedisStateStore store, CompiledModel model, Func<Task> pause, CancellationToken cancel)
    {
        var census = new PartitionCensus(store, model) { _readTo = store.ReadStanding().LastFact };
        string cursor = "0";
        do
        {
            cancel.ThrowIfCancellationRequested();
            (cursor, IReadOnlyList<(string Customer, ReadOnlyMemory<byte> State)> page) = store.ReadCustomers(cursor, PageSize);
            foreach ((string customer, ReadOnlyMemory<byte> state) in page)
                census.Read(customer, state);
            census.ReadFacts();
            if (cursor != "0")
                await pause();
        }
        while (cursor != "0");
        census.Close();
        return census;
    }

    /// <summary>Members of a segment with the time of their entry, UTC ms.</summary>
    public IReadOnlyDictionary<string, long> MembersOf(CompiledSegment segment) => _members[segment.Index];

    /// <summary>entered − left − members; 0 where it holds. What customers whose states cannot be read may account for is no difference.</summary>
    public long DifferenceOf(CompiledSegment segment)
    {
        long difference = Standing.Counters.GetValueOrDefault(SegmentCounts.Entered + segment.Name) - Standing.Counters.GetValueOrDefault(SegmentCounts.Left + segment.Name) - _members[segment.Index].Count;
        return difference >= 0 && difference <= Unreadable ? 0 : difference;
    }

    private void Read(string customer, ReadOnlyMemory<byte> encoded)
    {
        CustomerState state;
        try
        {
            state = StateCodec.Decode(encoded.Span, _model);
        }
        catch (InvalidDataException)
        {
            Unreadable++;
            return;
        }
        // Redis may tell of somebody twice: the later one counts.
        _seqs[customer] = state.Seq;
        foreach (Dictionary<string, long> members in _members)
            members.Remove(customer);
        foreach (Membership standing in state.Memberships)
        {
            if (standing.IsMember)
                _members[standing.Segment][customer] = standing.SinceMs;
        }
    }

    private void ReadFacts()
    {
        while (_store.ReadFacts(_readTo, PageSize) is { Count: > 0 } facts)
        {
            _meanwhile.AddRange(facts.Where(fact => fact.Kind is FactKind.SegmentEntered or FactKind.SegmentLeft));
            _readTo = facts[^1].Position;
        }
    }

    /// <summary>Brings everybody to one commit: the one that is there now.</summary>
    private void Close()
    {
        Standing = _store.ReadStanding();
        ReadFacts();
        Unreadable += _store.LoadQuarantine().Count;
        foreach (OutboxFact fact in _meanwhile)
        {
            if (fact.Position > Standing.LastFact || fact.Seq <= _seqs.GetValueOrDefault(fact.Customer) || !_segments.TryGetValue(fact.Subject!, out int segment))
                continue;
            _seqs[fact.Customer] = fact.Seq;
            if (fact.Kind == FactKind.SegmentEntered)
                _members[segment][fact.Customer] = fact.AtMs;
            else
                _members[segment].Remove(fact.Customer);
        }
    }
}
