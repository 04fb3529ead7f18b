using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using StreamInsight.Pipeline;

namespace StreamInsight.Sqlite;

/// <summary>
/// The one file that holds the log, the state and the outbox. Writers of this process take turns by <see cref="WriteGate"/>, so none ever waits in SQLite's own
/// polling; a lock file keeps other processes from writing.
/// Every commit is synced to the disk (<c>synchronous=FULL</c>), the state's too: once it is committed, facts leave and sources forget, and neither can be taken back.
/// </summary>
public sealed class SqliteFile : IDisposable
{
    public const string FileName = "streaminsight.db";

    /// <summary>Deleted rows are overwritten where that costs no writing of its own; or always, for erasures.</summary>
    internal const string OverwriteDeletedCheaply = "PRAGMA secure_delete = FAST;";

    internal const string OverwriteDeleted = "PRAGMA secure_delete = ON;";

    private const string SecretName = "secret", StateName = "state_version";

    private readonly FileStream? _lock;

    private SqliteFile(string path, FileStream? lockFile)
    {
        Path = path;
        _lock = lockFile;
    }

    public string Path { get; }

    /// <summary>32 random bytes, made with the file; empty when it is open for reading.</summary>
    public ReadOnlyMemory<byte> Secret { get; private set; }

    public bool IsReadOnly => _lock is null;

    /// <summary>Held by whoever is in a write transaction.</summary>
    public Lock WriteGate { get; } = new();

    /// <summary>Opens or creates the file in a folder, for the one process that writes it.</summary>
    public static SqliteFile Open(string folder)
    {
        FileStream lockFile;
        try
        {
            Directory.CreateDirectory(folder);
            lockFile = new FileStream(System.IO.Path.Combine(folder, "streaminsight.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (error is not DirectoryNotFoundException)
        {
            throw new DependencyUnavailableException($"{folder}: in use by another streaminsight process, or not writable ({error.Message}). Stop that process, or give another folder with --data.", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new DependencyUnavailableException($"{folder}: no permission to write there. Give a folder with --data that this user may write.", error);
        }
        try
        {
            var file = new SqliteFile(System.IO.Path.Combine(folder, FileName), lockFile);
            file.Guard(file.CreateOrCheck);
            return file;
        }
        catch
        {
            lockFile.Dispose();
            throw;
        }
    }

    /// <summary>Opens the file of a folder for reading, while another process may be writing it.</summary>
    public static SqliteFile OpenReadOnly(string folder)
    {
        string path = System.IO.Path.Combine(folder, FileName);
        if (!System.IO.File.Exists(path))
            throw new FileNotFoundException($"{path}: there is no such file; `streaminsight run --data {folder}` makes it.");
        var file = new SqliteFile(path, null);
        file.Guard(() =>
        {
            using SqliteConnection connection = file.Connect();
            file.Check(connection);
        });
        return file;
    }

    /// <summary>A value about the file itself; null = not set.</summary>
    public string? ReadMeta(string name) => Guard(() =>
    {
        using SqliteConnection connection = Connect();
        using var statement = new Statement(connection, "SELECT value FROM meta WHERE name = ?1", 1);
        return statement.Scalar(name) as string;
    });

    public void WriteMeta(string name, string value) => Guard(() =>
    {
        lock (WriteGate)
        {
            using SqliteConnection connection = Connect();
            using var statement = new Statement(connection, "INSERT INTO meta VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value", 2);
            statement.Run(name, value);
        }
    });

    public void Dispose() => _lock?.Dispose();

    /// <summary>A new connection, ready to use. The caller owns it; one thread at a time.</summary>
    internal SqliteConnection Connect(bool sync = true)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path,
            Pooling = false,
            DefaultTimeout = 2,     // seconds the provider itself goes on trying a locked file
            Mode = IsReadOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWriteCreate,
        }.ToString());
        try
        {
            connection.Open();
            // The write-ahead log is folded back by the store's housekeeping, never by a commit that somebody waits for.
            Execute(connection, $"PRAGMA busy_timeout = 2000; PRAGMA synchronous = {(sync ? "FULL" : "NORMAL")}; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -16384; {OverwriteDeletedCheaply}");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    internal static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Runs something on the file; what SQLite complains about becomes one clear line.</summary>
    internal T Guard<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException error)
        {
            throw new DependencyUnavailableException(Explain(error), error) { MayPass = MayPass(error) };
        }
    }

    internal void Guard(Action work) => Guard(() =>
    {
        work();
        return true;
    });

    private void CreateOrCheck()
    {
        using SqliteConnection connection = Connect();
        if (ReadNumber(connection, "PRAGMA user_version") == 0 && ReadNumber(connection, "SELECT count(*) FROM sqlite_master") == 0)
        {
            Execute(connection, "PRAGMA journal_mode = WAL;");
            Execute(connection, $"BEGIN IMMEDIATE; {Schema.Create} PRAGMA application_id = {Schema.ApplicationId}; PRAGMA user_version = {Schema.Version}; COMMIT;");
        }
        Check(connection);
        for (long version = ReadNumber(connection, "PRAGMA user_version"); version < Schema.Version; version++)
            Execute(connection, $"BEGIN IMMEDIATE; {Schema.Upgrades[version]} PRAGMA user_version = {version + 1}; COMMIT;");
        WriteMeta(StateName, StateCodec.Version.ToString(CultureInfo.InvariantCulture));
        if (ReadMeta(SecretName) is null)
            WriteMeta(SecretName, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        Secret = Convert.FromHexString(ReadMeta(SecretName)!);
    }

    private void Check(SqliteConnection connection)
    {
        if (ReadNumber(connection, "PRAGMA application_id") != Schema.ApplicationId)
            throw new DependencyUnavailableException($"{Path}: this SQLite file is not one of StreamInsight's. Give another folder with --data.");
        long version = ReadNumber(connection, "PRAGMA user_version");
        if (version > Schema.Version)
            throw new DependencyUnavailableException($"{Path}: written by a newer StreamInsight (file version {version}; this one reads up to {Schema.Version}). Use that version, or another folder with --data.");
        if (version > 0 && int.TryParse(ReadMeta(StateName), CultureInfo.InvariantCulture, out int state) && state > StateCodec.Version)
            throw new DependencyUnavailableException($"{Path}: written by a newer StreamInsight (customers' states of version {state}; this one reads up to {StateCodec.Version}). Use that version, or another folder with --data.");
        if (version < Schema.Version && IsReadOnly)
            throw new DependencyUnavailableException($"{Path}: written by an older StreamInsight (file version {version}; this one reads {Schema.Version}). `streaminsight run` brings it up to date when it starts.");
    }

    private static long ReadNumber(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <summary>Full or locked. The shared memory of the write-ahead log is a file too, and cannot grow on a full disk.</summary>
    private static bool MayPass(SqliteException error) => error.SqliteErrorCode is 5 or 6 or 13 || error.SqliteExtendedErrorCode == 4874;

    private string Explain(SqliteException error) => error.SqliteErrorCode switch
    {
        5 or 6 => $"{Path}: locked by another process. Stop that process (a database browser, a backup); nothing is lost.",
        7 => $"{Path}: out of memory in SQLite.",
        8 or 14 => $"{Path}: cannot be opened or written ({error.Message}). Check that the folder exists and this user may write it.",
        10 when error.SqliteExtendedErrorCode == 4874 => $"{Path}: the disk is full. Free some space; nothing that was acknowledged is lost.",
        10 => $"{Path}: the disk reports an error ({error.Message}). What was acknowledged before is still there; check the disk, then start again.",
        11 or 26 => $"{Path}: damaged, or not a database ({error.Message}). Move it away and start again: from Kafka everything is rebuilt; or restore a backup of the folder.",
        13 => $"{Path}: the disk is full. Free some space; nothing that was acknowledged is lost.",
        _ => $"{Path}: SQLite error {error.SqliteErrorCode}: {error.Message}",
    };
}
