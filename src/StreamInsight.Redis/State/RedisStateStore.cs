using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Erasures;
using StreamInsight.Pipeline.Partitions;

namespace StreamInsight.Redis.State;

/// <summary>
/// The state store of one partition in Redis. A commit is one script: all of it or nothing, and nothing once another has claimed the partition (<see cref="FencedException"/>). It is as durable
/// as Redis is: with <c>appendfsync always</c> on return, with <c>everysec</c> within about a second. Where Redis comes back without commits it had acknowledged (a crash, a failover to
/// a replica that lagged), the next commit throws <see cref="DependencyUnavailableException"/> that does not pass: what this process knows is ahead of what is stored; claim it again and go on
/// from there, with the positions it has.
/// <para>A writer's loads and reads wait for a Redis that is away, until <see cref="Dispose"/>, the token or the end of their patience. Those of a reader throw at once.</para>
/// </summary>
public sealed class RedisStateStore : IStateStore
{
    private const int PageSize = 2000;

    private readonly RedisNode _node;
    private readonly StateKeys _keys;
    private readonly DecisionRetention _decisions;
    private readonly StateReader _reader;
    private readonly bool _isWriter;
    private readonly string _writer;
    private readonly long _generation;
    private readonly Prefetched _prefetched = new();
    private LastNumbers _last;
    private long _commit;
    private Checkpoint? _inDoubt;
    private FencedException? _fenced;

    private RedisStateStore(RedisNode node, int partition, Dictionary<string, string> meta, bool isWriter, DecisionRetention? decisions, TimeSpan? patience, CancellationToken stop)
    {
        _node = node;
        Partition = partition;
        _keys = new StateKeys(node.Options.Prefix, partition);
        _decisions = decisions ?? DecisionRetention.Usual;
        _reader = new StateReader(node, _keys, isWriter ? patience ?? TimeSpan.FromMinutes(5) : TimeSpan.Zero, stop);
        _isWriter = isWriter;
        _writer = meta.GetValueOrDefault(IdentityFields.Writer, "");
        _generation = IdentityFields.Number(meta, IdentityFields.Generation);
        _commit = IdentityFields.Number(meta, IdentityFields.Commit);
        _last = new LastNumbers(IdentityFields.Number(meta, IdentityFields.Facts), IdentityFields.Number(meta, IdentityFields.Dead), IdentityFields.Number(meta, IdentityFields.Handovers));
        Secret = Convert.FromHexString(meta.GetValueOrDefault(IdentityFields.Secret, ""));
    }

    public int Partition { get; }

    /// <summary>Which claim of the partition this is: 1, 2, 3 …; of a reader: the last one when it was opened.</summary>
    public long Generation => _generation;

    /// <summary>Why a load waits; null = none does. Any thread.</summary>
    public string? Problem => _reader.Problem;

    /// <summary>
    /// Opens a partition for its one writer: whoever had it may not commit any more. Throws <see cref="StoreMismatchException"/> where the state is another's,
    /// <see cref="DependencyUnavailableException"/> when Redis cannot be used.
    /// </summary>
    /// <param name="decisions">How many decisions are kept; null = <see cref="DecisionRetention.Usual"/>.</param>
    /// <param name="patience">How long a load waits for Redis to come back; null = 5 minutes.</param>
    /// <param name="stop">Ends such waiting.</param>
    public static RedisStateStore Claim(
        RedisNode node, int partition, RedisStoreIdentity identity, DecisionRetention? decisions = null, TimeSpan? patience = null, CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(partition);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(partition, identity.Partitions);
        // One secret for all partitions, and each has it, so that a digest made by one says the same to another.
        Dictionary<string, string> cluster = IdentityFields.Claim(node, StateKeys.Cluster(node.Options.Prefix), identity, null, IdentityFields.NewSecret());
        CheckKeys(node, partition);
        string writer = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        Dictionary<string, string> meta = IdentityFields.Claim(
            node, new StateKeys(node.Options.Prefix, partition)[StateKey.Meta], identity, writer, cluster[IdentityFields.Secret]);
        return new RedisStateStore(node, partition, meta, isWriter: true, decisions, patience, stop);
    }

    /// <summary>
    /// Opens a partition for reading, whoever writes it: nothing is ever changed. A partition that nobody has claimed yet is empty. Throws as <see cref="Claim"/> does.
    /// </summary>
    public static RedisStateStore OpenRead(RedisNode node, int partition)
    {
        RedisKey key = new StateKeys(node.Options.Prefix, partition)[StateKey.Meta];
        Dictionary<string, string> meta = IdentityFields.Read(node, key);
        IdentityFields.CheckVersion(meta, $"Redis at {node.Where}, key {key}");
        return new RedisStateStore(node, partition, meta, isWriter: false, null, null, default);
    }

    public long LastFactPosition => _isWriter ? _last.Fact : _reader.MetaNumber(IdentityFields.Facts);

    public long LastDeadLetterNumber => _isWriter ? _last.DeadLetter : _reader.MetaNumber(IdentityFields.Dead);

    public long LastHandoverNumber => _isWriter ? _last.Handover : _reader.MetaNumber(IdentityFields.Handovers);

    public ReadOnlyMemory<byte> Secret { get; }

    public byte[]? LoadCustomer(string id)
    {
        if (!_prefetched.TryTakeCustomer(id, out byte[]? row))
            row = (byte[]?)_reader.Ask(database => database.HashGetAsync(_keys[StateKey.Customers], id));
        return row is null ? null : StateRows.StateOf(row);
    }

    public IdRow? LoadId(string id)
    {
        if (!_prefetched.TryTakeId(id, out byte[]? row))
            row = (byte[]?)_reader.Ask(database => database.HashGetAsync(_keys[StateKey.Ids], id));
        return row is null ? null : StateRows.Id(id, row);
    }

    public void Prefetch(IReadOnlyCollection<string> ids)
    {
        if (!_isWriter)
            return; // it would not learn of the commits that make its rows old
        string[] wanted = [.. ids];
        _prefetched.Clear();
        for (int hops = 0; wanted.Length > 0 && hops < Prefetched.MaxHops; hops++)
        {
            RedisValue[] names = [.. wanted.Select(id => (RedisValue)id)];
            long seen = _prefetched.Changes;
            RedisValue[][] read = _reader.Ask(database => Task.WhenAll(database.HashGetAsync(_keys[StateKey.Customers], names), database.HashGetAsync(_keys[StateKey.Ids], names)));
            wanted = _prefetched.Put(seen, wanted, customers: read[0], rows: read[1]);
        }
    }

    public IReadOnlyList<StoredTimer> LoadTimers(StoredTimer? after, long untilMs, int max)
    {
        RedisValue[] arguments = [after is { } from ? CommitArguments.Text(from.DueMs) : "-inf", after?.Customer ?? "", max];
        RedisResult[] flat = (RedisResult[])_reader.Ask(database => StateScript.ReadTimers.RunAsync(database, [_keys[StateKey.Timers]], arguments))!;
        var timers = new List<StoredTimer>(flat.Length / 2);
        for (int i = 0; i < flat.Length; i += 2)
        {
            var timer = new StoredTimer((long)(double)flat[i + 1], (string)flat[i]!);
            if (timer.DueMs > untilMs)
                break;
            timers.Add(timer);
        }
        return timers;
    }

    public IReadOnlyList<string> LoadAliases(string id) => _reader.EndsOf(StateKey.Links, id);

    public long CountCustomers() => _reader.Ask(database => database.HashLengthAsync(_keys[StateKey.Customers]));

    /// <summary>
    /// Customers by stage; <c>""</c> where the model has no journey. Redis looks at all of them, a page at a time, so for statistics only; what changes meanwhile may be counted or not.
    /// </summary>
    public IReadOnlyDictionary<string, long> CountByStage()
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        RedisValue cursor = "0";
        do
        {
            RedisValue from = cursor;
            var page = (RedisValue[])_reader.Ask(database => StateScript.CountStages.RunAsync(database, [_keys[StateKey.Customers]], [from, PageSize]))!;
            cursor = page[0];
            for (int i = 1; i < page.Length; i += 2)
                counts[(string)page[i]!] = counts.GetValueOrDefault((string)page[i]!) + (long)page[i + 1];
        }
        while (cursor != "0");
        return counts;
    }

    public IReadOnlyDictionary<string, long> LoadCounters() => _reader.LoadNumbers(StateKey.Counters);

    public byte[]? LoadShared() => (byte[]?)_reader.Ask(database => database.StringGetAsync(_keys[StateKey.Shared]));

    public IReadOnlyDictionary<string, long> LoadPositions() => _reader.LoadNumbers(StateKey.Positions);

    public IReadOnlyDictionary<string, long> LoadCursors() => _reader.LoadNumbers(StateKey.Cursors);

    public IReadOnlyList<OutboxFact> ReadFacts(long after, int max) => _reader.ReadList(StateKey.Facts, IdentityFields.Facts, after, max, StateRows.Fact);

    public IReadOnlyList<DeadLetter> ReadDeadLetters(long after, int max) => _reader.ReadList(StateKey.Dead, IdentityFields.Dead, after, max, StateRows.DeadLetter);

    public IReadOnlyList<Handover> ReadHandovers(long after, int max) => _reader.ReadList(StateKey.Handovers, IdentityFields.Handovers, after, max, StateRows.Handover);

    public IReadOnlyList<HeldMessage> LoadHeld() =>
        [.. _reader.LoadHash(StateKey.Held).Select(field => new HeldMessage((long)field.Name, (byte[])field.Value!)).OrderBy(message => message.Number)];

    public IReadOnlyList<Tombstone> LoadTombstones() =>
    [
        .. _reader.Ask(database => database.SortedSetRangeByRankWithScoresAsync(_keys[StateKey.Tombstones])).Select(entry => new Tombstone(StateRows.Digest((byte[])entry.Element!), (long)entry.Score)),
    ];

    public IReadOnlyList<QuarantinedCustomer> LoadQuarantine() => [.. _reader.LoadHash(StateKey.Quarantine).Select(field => StateRows.Quarantined((string)field.Name!, (byte[])field.Value!))];

    public Erasure? LoadErasure(UInt128 digest) =>
        (byte[]?)_reader.Ask(database => database.HashGetAsync(_keys[StateKey.Erasures], StateRows.Digest(digest))) is { } bytes ? StateRows.Erasure(bytes) : null;

    public IReadOnlyList<Erasure> LoadPendingErasures()
    {
        RedisValue[] pending = _reader.Ask(database => database.SetMembersAsync(_keys[StateKey.Pending]));
        return pending.Length == 0
            ? []
            : [.. _reader.Ask(database => database.HashGetAsync(_keys[StateKey.Erasures], pending)).Where(row => row.HasValue).Select(row => StateRows.Erasure((byte[])row!))];
    }

    /// <summary>The record of a decision, JSON (UTF-8); null = there is none (any more).</summary>
    public byte[]? ReadDecision(string id) =>
        (byte[]?)_reader.Ask(database => database.HashGetAsync(_keys[StateKey.Decisions], id)) is { } row ? StateRows.JsonOfDecision(row) : null;

    /// <summary>
    /// The newest kept facts of a customer before an outbox position, newest first. Redis looks through the facts that are kept, a page at a time, until it has found enough.
    /// </summary>
    public IReadOnlyList<OutboxFact> ReadFactsOf(string customer, long before, int max)
    {
        var facts = new List<OutboxFact>();
        RedisValue head = RowWriter.Head(customer);
        for (bool more = true; more && facts.Count < max;)
        {
            RedisValue[] arguments = [before, PageSize, head];
            var answer = (RedisResult[])_reader.Ask(database => StateScript.ReadFactsOf.RunAsync(database, [_keys[StateKey.Meta], _keys[StateKey.Facts]], arguments))!;
            (before, more) = ((long)answer[0], (long)answer[1] > 0);
            for (int i = 2; i < answer.Length && facts.Count < max; i += 2)
                facts.Add(StateRows.Fact((long)answer[i], (byte[])answer[i + 1]!));
        }
        return facts;
    }

    /// <summary>Members by segment, as the counters of <see cref="SegmentCounts"/> tell.</summary>
    public IReadOnlyDictionary<string, long> CountMembers()
    {
        IReadOnlyDictionary<string, long> counters = LoadCounters();
        return counters.Where(counter => counter.Key.StartsWith(SegmentCounts.Entered, StringComparison.Ordinal)).ToDictionary(
            counter => counter.Key[SegmentCounts.Entered.Length..],
            counter => counter.Value - counters.GetValueOrDefault(SegmentCounts.Left + counter.Key[SegmentCounts.Entered.Length..]),
            StringComparer.Ordinal);
    }

    /// <summary>Last fact, counters and cursors, all of one instant.</summary>
    public PartitionStanding ReadStanding()
    {
        var answer = (RedisResult[])_reader.Ask(database => StateScript.ReadStanding.RunAsync(database, [_keys[StateKey.Meta], _keys[StateKey.Counters], _keys[StateKey.Cursors]], []))!;
        return new PartitionStanding((long)answer[0], Numbers((RedisValue[])answer[1]!), Numbers((RedisValue[])answer[2]!));

        static Dictionary<string, long> Numbers(RedisValue[] flat) => flat.Chunk(2).ToDictionary(pair => (string)pair[0]!, pair => (long)pair[1], StringComparer.Ordinal);
    }

    /// <summary>
    /// Some customers with their encoded states, each as it is when its page is read; <c>"0"</c> begins, and comes back as the next cursor after the last page. Who is there all the time comes at least once.
    /// </summary>
    public (string Next, IReadOnlyList<(string Customer, ReadOnlyMemory<byte> State)> Customers) ReadCustomers(string cursor, int about)
    {
        var page = (RedisResult[])_reader.Ask(database => database.ExecuteAsync("HSCAN", _keys[StateKey.Customers], cursor, "COUNT", about))!;
        return ((string)page[0]!, [.. ((RedisValue[])page[1]!).Chunk(2).Select(pair => ((string)pair[0]!, (ReadOnlyMemory<byte>)StateRows.StateOf((byte[])pair[1]!)))]);
    }

    /// <summary>The last outbox position of each of the first so many partitions, in one round trip.</summary>
    public static long[] ReadLastFacts(RedisNode node, int partitions)
    {
        RedisKey[] keys = [.. Enumerable.Range(0, partitions).Select(partition => new StateKeys(node.Options.Prefix, partition)[StateKey.Meta])];
        return [.. node.Run(database => Task.WhenAll(keys.Select(key => database.HashGetAsync(key, IdentityFields.Facts)))).Select(last => (long)last)];
    }

    public void Commit(Checkpoint checkpoint)
    {
        if (!_isWriter)
            throw new InvalidOperationException("This store is open for reading.");
        if (_fenced is not null)
            throw new FencedException(_fenced.Message);
        if (_inDoubt is not null && _inDoubt != checkpoint)
            throw new InvalidOperationException("Whether the last commit was taken is not known: it has to be made again before another.");
        LastNumbers last = _last.After(checkpoint);
        ErasedRows[] erased = [.. checkpoint.Erasures.Select(FindErased)];
        var arguments = new CommitArguments(_writer, _generation, _commit + 1);
        arguments.Add(checkpoint, _last, erased, _decisions);

        _prefetched.CommitBegins(checkpoint.Changes);
        RedisResult[] answer;
        try
        {
            answer = (RedisResult[])_node.Run(database => StateScript.Commit.RunAsync(database, _keys.All, arguments.ToArray()))!;
            // A client that mixes up answers while connections die must not make us believe that this is durable.
            if (answer is not { Length: 4 } || (string?)answer[3] != _writer || ((int)answer[0] == StateScripts.Done && (long)answer[2] != _commit + 1))
                throw new DependencyUnavailableException($"Redis at {_node.Where}: the answer was another commit's.") { MayPass = true };
        }
        catch (DependencyUnavailableException error)
        {
            if (error.InnerException is not RedisServerException)
                _inDoubt = checkpoint;
            throw;
        }
        Conclude((int)answer[0], (long)answer[1], (long)answer[2]);
        _prefetched.CommitEnded();
        _inDoubt = null;
        _commit++;
        _last = last;
    }

    /// <summary>The connection is the node's, and stays.</summary>
    public void Dispose() => _reader.Dispose();

    /// <summary>A key that is not what it should be would stop a commit half-way.</summary>
    private static void CheckKeys(RedisNode node, int partition)
    {
        var keys = new StateKeys(node.Options.Prefix, partition);
        RedisType[] found = node.Run(database => Task.WhenAll(keys.All.Select(key => database.KeyTypeAsync(key))));
        foreach (StateKey key in Enum.GetValues<StateKey>())
        {
            RedisType type = found[(int)key];
            if (type != RedisType.None && type != StateKeys.TypeOf(key))
                throw new StoreMismatchException($"Redis at {node.Where}: {keys[key]} is a {type}, and not the {StateKeys.TypeOf(key)} of StreamInsight's. Something else writes keys of this prefix; give another.");
        }
    }

    private void Conclude(int outcome, long generation, long commit)
    {
        if (outcome == StateScripts.Done)
            return;
        string key = _keys[StateKey.Meta].ToString();
        if (outcome == StateScripts.Fenced)
        {
            _fenced = new FencedException($"Redis at {_node.Where}, key {key}: another node has taken partition {Partition} (generation {generation}, this one's is {_generation}). Nothing more of this one is written.");
            throw _fenced;
        }
        throw new DependencyUnavailableException(
            $"Redis at {_node.Where}, key {key}: commits that it had acknowledged are gone (commit {commit} of generation {generation} is there; {_commit} of {_generation} was made). "
            + "It came back from a crash or a failover without them. The partition has to be opened again: it goes on from what is there, and reads its sources again from those positions.");
    }

    private ErasedRows FindErased(Erasure erasure)
    {
        RedisValue[] heads = [.. erasure.Ids.Select(id => (RedisValue)RowWriter.Head(id))];
        var facts = new List<long>();
        for (long after = 0, last = 1; after < last && heads.Length > 0;)
        {
            RedisValue[] arguments = [after, PageSize, .. heads];
            var answer = (RedisResult[])_reader.Ask(database => StateScript.FindFacts.RunAsync(database, [_keys[StateKey.Meta], _keys[StateKey.Facts]], arguments))!;
            (after, last) = ((long)answer[0], (long)answer[1]);
            facts.AddRange(((RedisResult[])answer[2]!).Select(number => (long)number));
        }
        var decisions = new List<string>();
        var members = new List<byte[]>();
        foreach (string id in erasure.Ids)
        {
            foreach (string decision in _reader.EndsOf(StateKey.DecisionsOf, id))
            {
                decisions.Add(decision);
                members.Add([.. RowWriter.Head(id), .. Encoding.UTF8.GetBytes(decision)]);
            }
        }
        return new ErasedRows(facts, decisions, members);
    }
}
