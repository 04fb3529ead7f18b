using Microsoft.Data.Sqlite;
using StreamInsight.Pipeline;

namespace StreamInsight.Sqlite;

/// <summary>
/// Folds the journal into <c>customers</c> and the write-ahead log into the file, on a thread of its own, in turns short enough that no commit waits long.
/// </summary>
internal sealed class Housekeeping : IDisposable
{
    /// <summary>When the journal is this many times the size at which it is folded, a commit waits for the fold: it is losing.</summary>
    private const int StallAtTimes = 8;

    private const int RowsATurn = 256;

    /// <summary>Decisions are trimmed once in so many rounds.</summary>
    private const int RoundsATrim = 60;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly SqliteFile _file;
    private readonly CustomerOverlay _overlay;
    private readonly long _foldAtBytes;
    private readonly DecisionRetention _decisions;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _stop = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly Lock _foldGate = new();
    private long _journalBytes;
    private volatile DependencyUnavailableException? _failure;

    public Housekeeping(SqliteFile file, CustomerOverlay overlay, long foldAtBytes, DecisionRetention decisions, long journalBytes)
    {
        // What an earlier run left is folded as if it had come now: the next start reads less.
        _journalBytes = journalBytes;
        _file = file;
        _overlay = overlay;
        _foldAtBytes = foldAtBytes;
        _decisions = decisions;
        _thread = new Thread(Run) { IsBackground = true, Name = "sqlite-housekeeping" };
        _thread.Start();
    }

    /// <summary>Called after each commit; wakes the fold, or waits for it when it falls behind.</summary>
    public void Grew(long bytes)
    {
        if (_failure is { } failure)
            throw failure;
        long now = Interlocked.Add(ref _journalBytes, bytes);
        if (now >= _foldAtBytes)
            _wake.Set();
        if (now >= StallAtTimes * _foldAtBytes)
        {
            lock (_foldGate)
            {
                // Only waits: the fold runs on its thread.
            }
        }
    }

    /// <summary>For those who want it done: with a connection of its own, and nothing left of what the journal was. Gives its rows.</summary>
    public long FoldNow() => _file.Guard(() =>
    {
        using SqliteConnection connection = _file.Connect();
        SqliteFile.Execute(connection, SqliteFile.OverwriteDeleted);
        using var fold = new JournalFold(connection);
        long rows = Fold(fold);
        lock (_file.WriteGate)
            SqliteFile.Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        return rows;
    });

    /// <summary>Decisions that are kept no longer, all of them now.</summary>
    public void TrimNow() => _file.Guard(() =>
    {
        using SqliteConnection connection = _file.Connect();
        using var trim = new DecisionTrim(connection, _decisions);
        Trim(trim);
    });

    public void Dispose()
    {
        _stop.Set();
        _wake.Set();
        _thread.Join();
        _stop.Dispose();
        _wake.Dispose();
    }

    private void Run()
    {
        try
        {
            using SqliteConnection connection = _file.Guard(() => _file.Connect(sync: false));
            using var fold = new JournalFold(connection);
            using var trim = new DecisionTrim(connection, _decisions);
            for (int round = 1; !_stop.IsSet; round++)
            {
                _wake.WaitOne(Interval);
                try
                {
                    if (Interlocked.Read(ref _journalBytes) >= _foldAtBytes)
                        Fold(fold);
                    if (round % RoundsATrim == 0)
                        Trim(trim);
                    WriteBack(connection);
                }
                catch (DependencyUnavailableException error) when (error.MayPass)
                {
                    // A full disk: the journal stays and is folded when there is room. Commits meet the same and tell.
                    Interlocked.Add(ref _journalBytes, _foldAtBytes);
                }
            }
        }
        catch (DependencyUnavailableException error)
        {
            _failure = error;
        }
    }

    private long Fold(JournalFold fold)
    {
        lock (_foldGate)
        {
            Interlocked.Exchange(ref _journalBytes, 0);
            long last;
            JournalEntry[] entries;
            lock (_file.WriteGate)
            {
                // A commit reaches the journal and the overlay under the same gate: what is forgotten below is in these entries.
                last = _file.Guard(fold.LastRow);
                entries = _overlay.Snapshot();
            }
            Array.Sort(entries, static (a, b) => a.Row != b.Row ? a.Row.CompareTo(b.Row) : a.Customer.Start.CompareTo(b.Customer.Start));
            if (!_file.Guard(() => FoldRows(fold, entries)))
                return 0;
            long rows = 0;
            _file.Guard(() =>
            {
                lock (_file.WriteGate)
                    rows = fold.Forget(last);
            });
            _overlay.RemoveUpTo(last);
            return rows;
        }
    }

    /// <summary>False: stopped on the way.</summary>
    private bool FoldRows(JournalFold fold, JournalEntry[] entries)
    {
        byte[] blob = [];
        long row = -1;
        for (int start = 0, end; start < entries.Length; start = end)
        {
            if (_stop.IsSet)
                return false;
            if (entries[start].Row != row)
            {
                row = entries[start].Row;
                blob = fold.Read(row);
            }
            end = start + 1;
            while (end < entries.Length && end - start < RowsATurn && entries[end].Row == row)
                end++;
            lock (_file.WriteGate)
                fold.Apply(blob, entries.AsSpan(start, end - start));
        }
        return true;
    }

    private void Trim(DecisionTrim trim)
    {
        bool more = true;
        while (more && !_stop.IsSet)
        {
            lock (_file.WriteGate)
                more = _file.Guard(trim.Turn);
        }
    }

    private void WriteBack(SqliteConnection connection) => _file.Guard(() =>
    {
        SqliteFile.Execute(connection, "PRAGMA wal_checkpoint(PASSIVE)");
        // The little that came meanwhile, with writers held: now all of it is in the file and the write-ahead log starts anew instead of growing for ever.
        lock (_file.WriteGate)
            SqliteFile.Execute(connection, "PRAGMA wal_checkpoint(PASSIVE)");
    });
}
