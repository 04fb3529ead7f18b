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

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, SqliteFile.FileName)};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
