using Microsoft.Data.Sqlite;
using StreamInsight.Pipeline.Tests.Setting;
using StreamInsight.Sqlite;

namespace StreamInsight.Pipeline.Tests.Stores;

public sealed class SqliteFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_in_use_is_refused_with_a_clear_message()
    {
        using SqliteFile first = SqliteFile.Open(_folder.Path);
        var refused = Assert.Throws<DependencyUnavailableException>(() => SqliteFile.Open(_folder.Path));
        Assert.Contains("in use by another streaminsight process", refused.Message);
    }

    [Fact]
    public void A_file_of_a_newer_version_is_refused_and_not_touched()
    {
        SqliteFile.Open(_folder.Path).Dispose();
        Execute("PRAGMA user_version = 999");
        var refused = Assert.Throws<DependencyUnavailableException>(() => SqliteFile.Open(_folder.Path));
        Assert.Contains("newer StreamInsight (file version 999", refused.Message);
    }

    [Fact]
    public void A_file_with_states_of_a_newer_version_is_refused_and_not_touched()
    {
        SqliteFile.Open(_folder.Path).Dispose();
        Execute("UPDATE meta SET value = '99' WHERE name = 'state_version'");
        var refused = Assert.Throws<DependencyUnavailableException>(() => SqliteFile.Open(_folder.Path));
        Assert.Contains("newer StreamInsight (customers' states of version 99; this one reads up to", refused.Message);
        Assert.Throws<DependencyUnavailableException>(() => SqliteFile.OpenReadOnly(_folder.Path));
    }

    [Fact]
    public void A_file_that_another_process_holds_is_told_at_once_as_something_that_may_pass()
    {
        SqliteFile.Open(_folder.Path).Dispose();
        using var other = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, SqliteFile.FileName)};Pooling=False");
        other.Open();
        Execute("BEGIN IMMEDIATE", other);
        using SqliteFile file = OpenWhileHeld(other);
        using var store = new SqliteStateStore(file);
        Execute("BEGIN IMMEDIATE", other);
        var refused = Assert.Throws<DependencyUnavailableException>(() => store.Commit(new Checkpoint { Changes = new HostChanges() }));
        Assert.Contains("locked by another process", refused.Message);
        Assert.True(refused.MayPass);
        Execute("ROLLBACK", other);
        store.Commit(new Checkpoint { Changes = new HostChanges() });
    }

    [Fact]
    public void A_torn_page_is_told_with_what_to_do()
    {
        using (SqliteFile file = SqliteFile.Open(_folder.Path))
        {
            using var store = new SqliteStateStore(file);
            var checkpoint = new Checkpoint { Changes = new HostChanges() };
            for (int i = 0; i < 500; i++)
                checkpoint.Changes.Customers.Add(new CustomerRow($"u{i}", 5, null, new byte[300]));
            store.Commit(checkpoint);
            store.Fold();
        }
        string path = Path.Combine(_folder.Path, SqliteFile.FileName);
        Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        using (FileStream torn = File.OpenWrite(path))
        {
            torn.Seek(torn.Length / 2 / 4096 * 4096, SeekOrigin.Begin);
            torn.Write(new byte[torn.Length / 4]);
        }
        var refused = Assert.Throws<DependencyUnavailableException>(() =>
        {
            using SqliteFile file = SqliteFile.Open(_folder.Path);
            using var store = new SqliteStateStore(file);
            for (int i = 0; i < 500; i++)
                store.LoadCustomer($"u{i}");
        });
        Assert.Contains("damaged, or not a database", refused.Message);
        Assert.Contains("restore a backup", refused.Message);
        Assert.False(refused.MayPass);
    }

    [Fact]
    public void Another_programs_database_is_refused()
    {
        Execute("CREATE TABLE theirs (x)");
        var refused = Assert.Throws<DependencyUnavailableException>(() => SqliteFile.Open(_folder.Path));
        Assert.Contains("not one of StreamInsight's", refused.Message);
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused_with_what_to_do()
    {
        File.WriteAllText(Path.Combine(_folder.Path, SqliteFile.FileName), new string('x', 10_000));
        var refused = Assert.Throws<DependencyUnavailableException>(() => SqliteFile.Open(_folder.Path));
        Assert.Contains("damaged, or not a database", refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void A_second_process_may_read_while_the_first_writes()
    {
        using SqliteFile writing = SqliteFile.Open(_folder.Path);
        using var store = new SqliteStateStore(writing);
        var checkpoint = new Checkpoint { Changes = new HostChanges() };
        checkpoint.Changes.Customers.Add(new CustomerRow("u1", 5, null, new byte[] { 1 }));
        store.Commit(checkpoint);

        using SqliteFile reading = SqliteFile.OpenReadOnly(_folder.Path);
        using var other = new SqliteStateStore(reading);
        Assert.Equal([1], other.LoadCustomer("u1"));
    }

    [Fact]
    public void Reading_a_folder_without_a_file_says_so()
    {
        var refused = Assert.Throws<FileNotFoundException>(() => SqliteFile.OpenReadOnly(_folder.Path));
        Assert.Contains("there is no such file", refused.Message);
    }

    /// <summary>A file that is locked while it is opened is refused; when the lock goes it opens.</summary>
    private SqliteFile OpenWhileHeld(SqliteConnection other)
    {
        var refused = Assert.Throws<DependencyUnavailableException>(() => SqliteFile.Open(_folder.Path));
        Assert.Contains("locked by another process", refused.Message);
        Execute("ROLLBACK", other);
        return SqliteFile.Open(_folder.Path);
    }

    private static void Execute(string sql, SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, SqliteFile.FileName)};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
