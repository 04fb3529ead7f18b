using StreamInsight.Pipeline.Erasures;
using StreamInsight.Sqlite;

namespace StreamInsight.Pipeline.Tests.Setting;

/// <summary>A whole pipeline over the SQLite store of a folder; opened again over the same folder it goes on where it stopped.</summary>
public sealed class LivePartition : IAsyncDisposable
{
    private readonly SqliteFile _file;
    private readonly PipelineMetrics _metrics = new();
    private bool _isStopped;

    public LivePartition(
        TempFolder folder, IReadOnlyList<IEventSource> sources, IReadOnlyList<IFactSink> sinks, TimeProvider? time = null, WorkerOptions? options = null,
        Func<ICustomerHost, ICustomerHost>? around = null, IReadOnlyList<IDeadLetters>? deadLetters = null, Func<IStateStore, IStateStore>? aroundStore = null,
        IReadOnlyList<IErasable>? erasables = null)
    {
        CompiledModel model = Shop.Compile();
        _file = SqliteFile.Open(folder.Path);
        Store = new SqliteStateStore(_file);
        var host = new LocalCustomerHost(model, Store);
        Pipeline = new LivePipeline(new PipelineParts
        {
            Model = model,
            Host = around?.Invoke(host) ?? host,
            Store = aroundStore?.Invoke(Store) ?? Store,
            Members = new SegmentCounts(new Dictionary<string, long>(), ["big"]),
            Sources = sources,
            Sinks = sinks,
            DeadLetters = deadLetters ?? [],
            Erasables = [Store, .. erasables ?? []],
            Options = options ?? new WorkerOptions(),
            Metrics = _metrics,
            Time = time ?? new TimeSince(Shop.Noon),
        });
    }

    public SqliteStateStore Store { get; }

    public LivePipeline Pipeline { get; }

    public Task StartAsync() => Pipeline.StartAsync(CancellationToken.None);

    public async Task StopAsync(TimeSpan? deliverWithin = null)
    {
        _isStopped = true;
        await Pipeline.StopAsync(deliverWithin ?? TimeSpan.FromSeconds(10));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isStopped)
            await StopAsync(TimeSpan.Zero);
        await Pipeline.DisposeAsync();
        Store.Dispose();
        _metrics.Dispose();
        _file.Dispose();
    }
}
