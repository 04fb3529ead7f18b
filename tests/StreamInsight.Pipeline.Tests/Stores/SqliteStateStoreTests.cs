using StreamInsight.Pipeline.Tests.Setting;
using StreamInsight.Sqlite;

namespace StreamInsight.Pipeline.Tests.Stores;

/// <summary>The conformance suite on SQLite: customers in the journal, then folded into their table.</summary>
public sealed class SqliteStateStoreTests : StateStoreConformance
{
    private readonly TempFolder _folder = new();
    private SqliteFile? _file;

    protected override IStateStore Open()
    {
        _file?.Dispose();
        _file = SqliteFile.Open(_folder.Path);
        // Folds all the time, so that the tests meet the fold at its work.
        return new SqliteStateStore(_file, foldAtBytes: 1024);
    }

    protected override bool KeepsHandovers => false;

    protected override void Settle(IStateStore store) => ((SqliteStateStore)store).Fold();

    public override void Dispose()
    {
        base.Dispose();
        _file?.Dispose();
        _folder.Dispose();
    }
}
