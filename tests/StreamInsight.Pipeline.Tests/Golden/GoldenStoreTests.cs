using System.IO.Compression;
using Microsoft.Data.Sqlite;
using StreamInsight.Pipeline.Tests.Setting;
using StreamInsight.Sqlite;

namespace StreamInsight.Pipeline.Tests.Golden;

/// <summary>
/// Stored files of every version that was ever written, in <c>Golden/Files</c>: <c>file1-state2.db.gz</c> was written with version 1 of the file's tables and version 2 of
/// <see cref="StateCodec"/>, half-way through <see cref="GoldenLog"/>. A store of an older version goes on as if it had never stopped.
/// After a version went up, the file of the new one is made with <c>STREAMINSIGHT_WRITE_GOLDEN=1 dotnet test tests/StreamInsight.Pipeline.Tests --filter Golden</c>.
/// </summary>
public sealed class GoldenStoreTests : IDisposable
{
    private const int Half = GoldenLog.Messages / 2;

    private static readonly string Files = Path.Combine(SourceFolder(), "Files");

    private readonly TempFolder _folder = new();

    public static TheoryData<string> Stored => [.. Directory.GetFiles(Files, "*.db.gz").Select(path => Path.GetFileName(path)!).Order()];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Stored))]
    public void A_file_of_this_version_opens_and_goes_on_as_if_it_had_never_stopped(string name)
    {
        Unpack(name);
        using SqliteFile file = SqliteFile.Open(_folder.Path);
        using var store = new SqliteStateStore(file);
        var host = new LocalCustomerHost(GoldenLog.Compile(), store);
        List<string> actual = GoldenLog.Apply(host, Half, GoldenLog.Messages);
        Assert.Equal(Expected(), actual);
        Assert.Equal(0, host.StoppedCustomers);
    }

    [Fact]
    public void There_is_a_file_of_the_version_written_today()
    {
        using (SqliteFile made = SqliteFile.Open(_folder.Path))
        {
            using var store = new SqliteStateStore(made);
            var host = new LocalCustomerHost(GoldenLog.Compile(), store);
            GoldenLog.Apply(host, 0, Half - 50);
            Commit(store, host);
            store.Fold();
            GoldenLog.Apply(host, Half - 50, Half);
            Commit(store, host);
        }
        string name = $"file{ReadVersion()}-state{StateCodec.Version}.db.gz";
        string path = Path.Combine(Files, name);
        if (Environment.GetEnvironmentVariable("STREAMINSIGHT_WRITE_GOLDEN") == "1" && !File.Exists(path))
        {
            Directory.CreateDirectory(Files);
            using var packed = new GZipStream(File.Create(path), CompressionLevel.SmallestSize);
            packed.Write(File.ReadAllBytes(Path.Combine(_folder.Path, SqliteFile.FileName)));
        }
        Assert.True(File.Exists(path), $"{name} is missing: see the comment at the top of {nameof(GoldenStoreTests)}.");
    }

    /// <summary>What a host tells of the second half when it was not stopped.</summary>
    private static List<string> Expected()
    {
        using var folder = new TempFolder();
        using SqliteFile file = SqliteFile.Open(folder.Path);
        using var store = new SqliteStateStore(file);
        var host = new LocalCustomerHost(GoldenLog.Compile(), store);
        GoldenLog.Apply(host, 0, Half);
        List<string> facts = GoldenLog.Apply(host, Half, GoldenLog.Messages);
        Assert.True(facts.Count > 100, $"{facts.Count} facts");
        return facts;
    }

    private static void Commit(SqliteStateStore store, LocalCustomerHost host)
    {
        var checkpoint = new Checkpoint { Changes = host.TakeChanges() };
        checkpoint.Positions[""] = Half;
        store.Commit(checkpoint);
    }

    private void Unpack(string name)
    {
        using var packed = new GZipStream(File.OpenRead(Path.Combine(Files, name)), CompressionMode.Decompress);
        using FileStream file = File.Create(Path.Combine(_folder.Path, SqliteFile.FileName));
        packed.CopyTo(file);
    }

    private long ReadVersion()
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, SqliteFile.FileName)};Pooling=False");
        connection.Open();
        // All of it in the one file, nothing left beside it.
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE); VACUUM; PRAGMA wal_checkpoint(TRUNCATE); ";
        command.ExecuteNonQuery();
        command.CommandText = "PRAGMA user_version";
        return (long)command.ExecuteScalar()!;
    }

    private static string SourceFolder()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "StreamInsight.sln")))
            folder = folder.Parent;
        return Path.Combine(folder?.FullName ?? throw new InvalidOperationException("StreamInsight.sln is nowhere above the tests."), "tests", "StreamInsight.Pipeline.Tests", "Golden");
    }
}
