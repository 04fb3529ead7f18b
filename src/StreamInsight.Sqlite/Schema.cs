namespace StreamInsight.Sqlite;

/// <summary>The tables of the file. The version goes up with every change of them; a newer file is refused, an older one is upgraded.</summary>
internal static class Schema
{
    public const int Version = 2;

    /// <summary>"SIns": tells our files from other SQLite files.</summary>
    public const int ApplicationId = 0x53496E73;

    public const string Create = """
        CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

        -- What came by HTTP: durable before it is answered.
        CREATE TABLE log (n INTEGER PRIMARY KEY, at INTEGER NOT NULL, body BLOB NOT NULL);

        -- Changed customers of a commit, packed; folded into customers later. Newer than customers wherever both have one.
        CREATE TABLE journal (n INTEGER PRIMARY KEY, body BLOB NOT NULL);
        CREATE TABLE customers (id TEXT NOT NULL UNIQUE, due INTEGER, stage TEXT, state BLOB NOT NULL);
        CREATE INDEX customers_by_due ON customers (due, id) WHERE due IS NOT NULL;
        -- How many rows customers has by stage ('' = no journey).
        CREATE TABLE stages (stage TEXT PRIMARY KEY, customers INTEGER NOT NULL) WITHOUT ROWID;

        CREATE TABLE ids (id TEXT PRIMARY KEY, linked_to TEXT, known INTEGER NOT NULL, links INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX ids_by_link ON ids (linked_to) WHERE linked_to IS NOT NULL;

        CREATE TABLE positions (source TEXT PRIMARY KEY, offset INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE cursors (sink TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE counters (name TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;

        -- Numbers of the file's own, that may not go back when the rows they counted are gone.
        CREATE TABLE progress (name TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;

        -- The outbox, and behind the slowest sink the recent history of facts.
        CREATE TABLE facts (
            n INTEGER PRIMARY KEY, id TEXT NOT NULL, customer TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, kind INTEGER NOT NULL,
            cause TEXT NOT NULL, subject TEXT, targets TEXT, expires INTEGER NOT NULL, line BLOB NOT NULL, after TEXT);
        CREATE INDEX facts_by_customer ON facts (customer, n);
        CREATE TABLE members (segment TEXT NOT NULL, customer TEXT NOT NULL, since INTEGER NOT NULL, PRIMARY KEY (segment, customer)) WITHOUT ROWID;

        CREATE TABLE dead (n INTEGER PRIMARY KEY, source TEXT NOT NULL, offset INTEGER NOT NULL, place INTEGER NOT NULL, reason INTEGER NOT NULL, at INTEGER NOT NULL, record BLOB NOT NULL,
            requeued INTEGER);

        -- Of erased ids only digests are kept; an erasure's body names its ids until it is done everywhere.
        CREATE TABLE tombstones (digest BLOB PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE erasures (digest BLOB PRIMARY KEY, until INTEGER NOT NULL, pending INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;

        -- What all customers share: learned scores, queue states.
        CREATE TABLE shared (n INTEGER PRIMARY KEY CHECK (n = 1), body BLOB NOT NULL);

        -- Customers whose state cannot be read: set aside as it is, and why.
        CREATE TABLE quarantine (id TEXT PRIMARY KEY, reason TEXT NOT NULL, state BLOB NOT NULL) WITHOUT ROWID;

        -- Decisions that were asked for, with all that led to them; the oldest go.
        CREATE TABLE decisions (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, customer TEXT NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL);
        CREATE INDEX decisions_by_customer ON decisions (customer, n);

        -- Which queue a customer is for ('' = none), and with what score: everyone whose contacts are routed.
        CREATE TABLE routed (customer TEXT PRIMARY KEY, queue TEXT NOT NULL, score REAL NOT NULL) WITHOUT ROWID;
        CREATE INDEX routed_by_queue ON routed (queue, score DESC, customer);
        """;

    /// <summary>By version: what makes a file of it one of the next.</summary>
    public static readonly IReadOnlyDictionary<long, string> Upgrades = new Dictionary<long, string>
    {
        [1] = """
            ALTER TABLE ids DROP COLUMN erased_until;
            ALTER TABLE dead ADD COLUMN requeued INTEGER;
            CREATE TABLE tombstones (digest BLOB PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
            CREATE TABLE erasures (digest BLOB PRIMARY KEY, until INTEGER NOT NULL, pending INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
            CREATE TABLE shared (n INTEGER PRIMARY KEY CHECK (n = 1), body BLOB NOT NULL);
            CREATE TABLE quarantine (id TEXT PRIMARY KEY, reason TEXT NOT NULL, state BLOB NOT NULL) WITHOUT ROWID;
            CREATE TABLE decisions (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, customer TEXT NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL);
            CREATE INDEX decisions_by_customer ON decisions (customer, n);
            CREATE TABLE routed (customer TEXT PRIMARY KEY, queue TEXT NOT NULL, score REAL NOT NULL) WITHOUT ROWID;
            CREATE INDEX routed_by_queue ON routed (queue, score DESC, customer);
            """,
    };
}
