namespace StreamInsight.Pipeline.Tests.Stores;

/// <summary>The conformance suite on the fake, so that the suite says what the port means and not what SQLite does.</summary>
public sealed class MemoryStateStoreTests : StateStoreConformance
{
    private readonly MemoryStateStore.Disk _disk = new();

    protected override IStateStore Open() => new MemoryStateStore(_disk);
}
