using Microsoft.Data.Sqlite;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Erasures;

namespace StreamInsight.Sqlite;

/// <summary>
/// The state store in the one SQLite file. A commit appends its changed customers, packed, to <c>journal</c> (one row, sequential pages) instead of touching
/// a page of <c>customers</c> for each; <see cref="Housekeeping"/> folds the journal into the table later, each customer once however often it changed.
/// Loading asks the journal's customers, kept in memory, first.
/// </summary>
public sealed class SqliteStateStore : IStateStore, IErasable
{
    private readonly SqliteFile _file;
    private readonly CustomerOverlay _overlay = new();
    private readonly SqliteConnection _writer;
    private readonly SqliteConnection _reader;
    private readonly Lock _readGate = new();
    private readonly List<Statement> _statements = [];
    private readonly Statement _begin, _commit, _rollback, _upsertId, _deleteId, _upsertPosition, _upsertCursor, _upsertCounter, _upsertProgress, _upsertShared;
    private readonly Statement _insertFact, _trimFacts, _insertMember, _deleteMember, _insertDead, _trimDead, _removeDead, _quarantine, _release;
    private readonly Statement _loadJournal, _loadShared, _loadCustomer, _loadId, _loadTimers, _loadAliases, _readFacts, _readDead;
    private readonly HotStatement _insertJournal;
    private readonly ErasureRows _erasures;
    private readonly DecisionRows _decisions;
    private readonly PackedCustomers _packed = new();
    private readonly Housekeeping? _housekeeping;
    private long _lastJournalRow;
    private long _journalBytesAtStart;

    /// <param name="foldAtBytes">The journal is folded into the table when it has grown by this. 64 MiB by default, so that a busy customer is folded once for many changes.</param>
    /// <param name="decisions">How many decisions are kept; null = <see cref="DecisionRetention.Usual"/>.</param>
    public SqliteStateStore(SqliteFile file, long foldAtBytes = 64L << 20, DecisionRetention? decisions = null)
    {
        _file = file;
        (_writer, _reader) = file.Guard(() => (file.Connect(), file.Connect()));

        _begin = Write("BEGIN IMMEDIATE", 0);
        _commit = Write("COMMIT", 0);
        _rollback = Write("ROLLBACK", 0);
        _insertJournal = file.Guard(() => new HotStatement(_writer, "INSERT INTO journal VALUES (?1, ?2)"));
        _upsertId = Write("INSERT OR REPLACE INTO ids VALUES (?1, ?2, ?3, ?4)", 4);
        _deleteId = Write("DELETE FROM ids WHERE id = ?1", 1);
        _upsertPosition = Write("INSERT OR REPLACE INTO positions VALUES (?1, ?2)", 2);
        _upsertCursor = Write("INSERT OR REPLACE INTO cursors VALUES (?1, ?2)", 2);
        _upsertCounter = Write("INSERT OR REPLACE INTO counters VALUES (?1, ?2)", 2);
        _upsertShared = Write("INSERT OR REPLACE INTO shared VALUES (1, ?1)", 1);
        _upsertProgress = Write("INSERT OR REPLACE INTO progress VALUES (?1, ?2)", 2);
        _insertFact = Write(FactRow.Insert, 12);
        _trimFacts = Write("DELETE FROM facts WHERE n <= ?1", 1);
        _insertMember = Write("INSERT OR REPLACE INTO members VALUES (?1, ?2, ?3)", 3);
        _deleteMember = Write("DELETE FROM members WHERE segment = ?1 AND customer = ?2", 2);
        _insertDead = Write("INSERT INTO dead VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL)", 7);
        _trimDead = Write("DELETE FROM dead WHERE n <= ?1", 1);
        _removeDead = Write("DELETE FROM dead WHERE n = ?1", 1);
        _quarantine = Write("INSERT OR REPLACE INTO quarantine VALUES (?1, ?2, ?3)", 3);
        _release = Write("DELETE FROM quarantine WHERE id = ?1", 1);
        _decisions = file.Guard(() => new DecisionRows(_writer));
        _erasures = file.Guard(() => new ErasureRows(_writer, _reader, _decisions));

        _loadJournal = Read("SELECT substr(body, ?2, ?3) FROM journal WHERE n = ?1", 3);
        _loadShared = Read("SELECT body FROM shared", 0);
        _loadCustomer = Read("SELECT state FROM customers WHERE id = ?1", 1);
        _loadId = Read("SELECT linked_to, known, links FROM ids WHERE id = ?1", 1);
        _loadTimers = Read("SELECT due, id FROM customers WHERE due IS NOT NULL AND (due, id) > (?1, ?2) AND due <= ?3 ORDER BY due, id LIMIT ?4", 4);
        _loadAliases = Read("SELECT id FROM ids WHERE linked_to = ?1", 1);
        _readFacts = Read($"SELECT {FactRow.Columns} FROM facts WHERE n > ?1 ORDER BY n LIMIT ?2", 2);
        _readDead = Read("SELECT n, source, offset, place, reason, at, record FROM dead WHERE n > ?1 ORDER BY n LIMIT ?2", 2);

        file.Guard(LoadJournal);
        LastFactPosition = ReadNumber("SELECT max(coalesce((SELECT max(n) FROM facts), 0), coalesce((SELECT n FROM progress WHERE name = 'fact'), 0))");
        LastDeadLetterNumber = ReadNumber("SELECT max(coalesce((SELECT max(n) FROM dead), 0), coalesce((SELECT n FROM progress WHERE name = 'dead'), 0))");
        if (!file.IsReadOnly)
            _housekeeping = new Housekeeping(file, _overlay, foldAtBytes, decisions ?? DecisionRetention.Usual, _journalBytesAtStart);
    }

    public long LastFactPosition { get; private set; }

    public long LastDeadLetterNumber { get; private set; }

    public byte[]? LoadCustomer(string id)
    {
        if (!_overlay.TryFind(id, out JournalEntry entry))
            return Reading(() => _loadCustomer.Scalar(id) as byte[]);
        if (entry.Customer.IsRemoved)
            return null;
        // The row may have been folded since: then the table has it.
        return Reading(() => (_loadJournal.Scalar(entry.Row, entry.Customer.Start + 1, entry.Customer.Length) ?? _loadCustomer.Scalar(id)) as byte[]);
    }

    public byte[]? LoadShared() => Reading(() => _loadShared.Scalar() as byte[]);

    public IdRow? LoadId(string id) => Reading<IdRow?>(() =>
    {
        using SqliteDataReader row = _loadId.Query(id);
        return row.Read()
            ? new IdRow(id, row.IsDBNull(0) ? null : row.GetString(0), row.GetBoolean(1), row.GetInt32(2))
            : null;
    });

    public IReadOnlyList<StoredTimer> LoadTimers(StoredTimer? after, long untilMs, int max)
    {
        // First what is newer: a customer whose journal row is folded in between is then seen twice, never missed.
        StoredTimer from = after ?? new StoredTimer(long.MinValue, "");
        JournalEntry[] newer = _overlay.Snapshot();
        var hidden = newer.Select(entry => entry.Customer.Id).ToHashSet(StringComparer.Ordinal);
        var timers = newer
            .Where(entry => entry.Customer.DueMs <= untilMs && entry.Customer.DueMs != long.MaxValue)
            .Select(entry => new StoredTimer(entry.Customer.DueMs, entry.Customer.Id))
            .Where(timer => TimerOrder.Compare(timer, from) > 0)
            .ToList();

        int stored = 0;
        StoredTimer last = from;
        bool more = true;
        while (more && stored < max)
        {
            int before = stored;
            more = Reading(() =>
            {
                int rows = 0;
                using SqliteDataReader row = _loadTimers.Query(last.DueMs, last.Customer, untilMs, max);
                while (row.Read())
                {
                    rows++;
                    last = new StoredTimer(row.GetInt64(0), row.GetString(1));
                    if (hidden.Contains(last.Customer))
                        continue;
                    timers.Add(last);
                    stored++;
                }
                return rows == max;
            });
        }
        timers.Sort(TimerOrder.Compare);
        return timers.Count <= max ? timers : timers[..max];
    }

    public IReadOnlyList<string> LoadAliases(string id) => Reading(() =>
    {
        var aliases = new List<string>();
        using SqliteDataReader row = _loadAliases.Query(id);
        while (row.Read())
            aliases.Add(row.GetString(0));
        return aliases;
    });

    public long CountCustomers() => CountByStage().Values.Sum();

    /// <summary>Customers by stage; <c>""</c> where the model has no journey.</summary>
    public IReadOnlyDictionary<string, long> CountByStage() => Reading(() =>
    {
        JournalEntry[] newer = _overlay.Snapshot();
        using SqliteTransaction oneMoment = _reader.BeginTransaction(deferred: true);
        using var ofOne = new Statement(_reader, "SELECT coalesce(stage, '') FROM customers WHERE id = ?1", 1, oneMoment);
        var counts = new Dictionary<string, long>(LoadTable("SELECT stage, customers FROM stages", oneMoment), StringComparer.Ordinal);
        foreach ((_, PackedCustomer customer) in newer)
        {
            if (ofOne.Scalar(customer.Id) is string old)
                counts[old] = counts.GetValueOrDefault(old) - 1;
            if (!customer.IsRemoved)
                counts[customer.Stage ?? ""] = counts.GetValueOrDefault(customer.Stage ?? "") + 1;
        }
        return counts;
    });

    public IReadOnlyDictionary<string, long> LoadCounters() => LoadTable("SELECT name, n FROM counters");

    public IReadOnlyDictionary<string, long> LoadPositions() => LoadTable("SELECT source, offset FROM positions");

    public IReadOnlyDictionary<string, long> LoadCursors() => LoadTable("SELECT sink, n FROM cursors");

    public IReadOnlyList<OutboxFact> ReadFacts(long after, int max) => Reading(() =>
    {
        var facts = new List<OutboxFact>();
        using SqliteDataReader row = _readFacts.Query(after, max);
        while (row.Read())
            facts.Add(FactRow.Read(row));
        return facts;
    });

    public IReadOnlyList<DeadLetter> ReadDeadLetters(long after, int max) => Reading(() =>
    {
        var letters = new List<DeadLetter>();
        using SqliteDataReader row = _readDead.Query(after, max);
        while (row.Read())
        {
            var position = new SourcePosition(row.GetString(1), row.GetInt64(2), row.GetInt32(3));
            letters.Add(new DeadLetter(row.GetInt64(0), position, (Refusal)row.GetInt32(4), row.GetInt64(5), row.GetFieldValue<byte[]>(6)));
        }
        return letters;
    });

    public ReadOnlyMemory<byte> Secret => _file.Secret;

    public IReadOnlyList<Tombstone> LoadTombstones() => Reading(_erasures.LoadTombstones);

    public IReadOnlyList<QuarantinedCustomer> LoadQuarantine() => Reading(() =>
    {
        using var all = new Statement(_reader, "SELECT id, reason, state FROM quarantine", 0);
        using SqliteDataReader row = all.Query();
        var customers = new List<QuarantinedCustomer>();
        while (row.Read())
            customers.Add(new QuarantinedCustomer(row.GetString(0), row.GetString(1), row.GetFieldValue<byte[]>(2)));
        return customers;
    });

    public Erasure? LoadErasure(UInt128 digest) => Reading(() => _erasures.Load(digest));

    public IReadOnlyList<Erasure> LoadPendingErasures() => Reading(_erasures.LoadPending);

    public void Commit(Checkpoint checkpoint)
    {
        _packed.Pack(checkpoint.Changes);
        _file.Guard(() =>
        {
            lock (_file.WriteGate)
            {
                bool isErasing = checkpoint.Erasures.Count > 0 || checkpoint.RemovedDeadLetters.Count > 0;
                if (isErasing)
                    SqliteFile.Execute(_writer, SqliteFile.OverwriteDeleted);
                _begin.Run();
                try
                {
                    Write(checkpoint);
                    _commit.Run();
                    if (isErasing)
                        SqliteFile.Execute(_writer, SqliteFile.OverwriteDeletedCheaply);
                }
                catch
                {
                    Rollback();
                    throw;
                }
                if (_packed.Rows.Count > 0)
                    _overlay.Add(++_lastJournalRow, _packed.Rows);
            }
        });
        if (checkpoint.Facts.Count > 0)
            LastFactPosition = checkpoint.Facts[^1].Position;
        if (checkpoint.DeadLetters.Count > 0)
            LastDeadLetterNumber = checkpoint.DeadLetters[^1].Number;
        _housekeeping?.Grew(_packed.Blob.Length);
    }

    string IErasable.Name => "journal";

    /// <summary>
    /// The journal still holds states from before the erasure: it is folded now and what it was is overwritten, in the file and in the write-ahead log. Gives its rows.
    /// </summary>
    Task<long> IErasable.EraseAsync(Erasure erasure, CancellationToken cancel) => Task.Run(() => _housekeeping?.FoldNow() ?? 0, cancel);

    /// <summary>Removes decisions that are kept no longer, now; housekeeping does it by and by.</summary>
    public void TrimDecisions() => _housekeeping?.TrimNow();

    /// <summary>Folds the journal into the table now and waits for it.</summary>
    public void Fold() => _housekeeping?.FoldNow();

    public void Dispose()
    {
        _housekeeping?.Dispose();
        foreach (Statement statement in _statements)
            statement.Dispose();
        _insertJournal.Dispose();
        _erasures.Dispose();
        _decisions.Dispose();
        _writer.Dispose();
        _reader.Dispose();
    }

    private void Write(Checkpoint checkpoint)
    {
        if (_packed.Rows.Count > 0)
            _insertJournal.Bind(1, _lastJournalRow + 1).Bind(2, _packed.Blob).Run();
        foreach (IdRow id in checkpoint.Changes.Ids)
            _upsertId.Run(id.Id, id.LinkedTo, id.IsKnown, id.Links);
        foreach (string id in checkpoint.Changes.RemovedIds)
            _deleteId.Run(id);
        foreach ((string name, long n) in checkpoint.Changes.Counters)
            _upsertCounter.Run(name, n);
        if (checkpoint.Changes.Shared is { } shared)
            _upsertShared.Run(shared);
        foreach ((string source, long offset) in checkpoint.Positions)
            _upsertPosition.Run(source, offset);
        foreach (QuarantinedCustomer customer in checkpoint.Changes.Quarantined)
            _quarantine.Run(customer.Id, customer.Reason, customer.State.ToArray());
        foreach (string id in checkpoint.Changes.Released)
            _release.Run(id);
        _decisions.Write(checkpoint);
        _erasures.Write(checkpoint);
        foreach (OutboxFact fact in checkpoint.Facts)
        {
            FactRow.Write(_insertFact, fact);
            if (fact.Kind == FactKind.SegmentEntered)
                _insertMember.Run(fact.Subject, fact.Customer, fact.AtMs);
            else if (fact.Kind == FactKind.SegmentLeft)
                _deleteMember.Run(fact.Subject, fact.Customer);
        }
        foreach (DeadLetter letter in checkpoint.DeadLetters)
            _insertDead.Run(letter.Number, letter.Position.Source, letter.Position.Offset, letter.Position.Index, (int)letter.Reason, letter.RecordTimeMs, letter.Record.ToArray());
        // A number is never used again, also when the last letter goes.
        if (checkpoint.RemovedDeadLetters.Count > 0)
            _upsertProgress.Run("dead", checkpoint.DeadLetters.Count > 0 ? checkpoint.DeadLetters[^1].Number : LastDeadLetterNumber);
        foreach (long number in checkpoint.RemovedDeadLetters)
            _removeDead.Run(number);
        if (checkpoint.TrimDeadLettersTo > 0 && _trimDead.Run(checkpoint.TrimDeadLettersTo) > 0)
            _upsertProgress.Run("dead", checkpoint.DeadLetters.Count > 0 ? checkpoint.DeadLetters[^1].Number : LastDeadLetterNumber);
        foreach ((string sink, long n) in checkpoint.Cursors)
            _upsertCursor.Run(sink, n);
        if ((checkpoint.TrimFactsTo > 0 && _trimFacts.Run(checkpoint.TrimFactsTo) > 0) || checkpoint.Erasures.Count > 0)
            _upsertProgress.Run("fact", checkpoint.Facts.Count > 0 ? checkpoint.Facts[^1].Position : LastFactPosition);
    }

    private void Rollback()
    {
        try
        {
            _rollback.Run();
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself (full disk); the first error is the one to tell.
        }
    }

    private void LoadJournal()
    {
        using var statement = new Statement(_reader, "SELECT n, body FROM journal ORDER BY n", 0);
        using SqliteDataReader row = statement.Query();
        while (row.Read())
        {
            _lastJournalRow = row.GetInt64(0);
            byte[] body = row.GetFieldValue<byte[]>(1);
            _journalBytesAtStart += body.Length;
            _overlay.Add(_lastJournalRow, PackedCustomers.Unpack(body));
        }
    }

    private Dictionary<string, long> LoadTable(string sql, SqliteTransaction? transaction = null) => Reading(() =>
    {
        using var statement = new Statement(_reader, sql, 0, transaction);
        using SqliteDataReader row = statement.Query();
        var table = new Dictionary<string, long>(StringComparer.Ordinal);
        while (row.Read())
            table[row.GetString(0)] = row.GetInt64(1);
        return table;
    });

    private long ReadNumber(string sql) => Reading(() =>
    {
        using var statement = new Statement(_reader, sql, 0);
        return (long)statement.Scalar()!;
    });

    private T Reading<T>(Func<T> read)
    {
        lock (_readGate)
            return _file.Guard(read);
    }

    private Statement Write(string sql, int parameters) => Keep(new Statement(_writer, sql, parameters));

    private Statement Read(string sql, int parameters) => Keep(new Statement(_reader, sql, parameters));

    private Statement Keep(Statement statement)
    {
        _statements.Add(statement);
        return statement;
    }
}
