using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using StreamInsight.Pipeline;
using StreamInsight.Redis;
using StreamInsight.Sqlite;

namespace StreamInsight.Server.Audit;

/// <summary>
/// Beside the running service, at a low rate: entered − left = members for every segment, and as many in Redis; and whether Redis still has what was written to it. When it
/// has lost everything (it came back empty), everything that should be there is written again.
/// </summary>
internal sealed partial class ConservationWatch : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2), Count = TimeSpan.FromSeconds(30);

    private readonly SqliteFile _file;
    private readonly CompiledModel _model;
    private readonly RedisReconciler? _redis;
    private readonly Func<long> _behind;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly string _mark;
    private readonly SegmentGauge _differences;
    private readonly SegmentGauge? _inRedis;
    private readonly CancellationTokenSource _stop = new();
    private readonly Counter<long> _reconciled;
    private Task _work = Task.CompletedTask;

    /// <param name="behind">Facts that Redis has not taken yet.</param>
    public ConservationWatch(SqliteFile file, CompiledModel model, RedisOptions? redis, Func<long> behind, Meter meter, TimeProvider time, ILogger log)
    {
        _file = file;
        _model = model;
        _redis = redis is null ? null : new RedisReconciler(redis, time);
        _behind = behind;
        _time = time;
        _log = log;
        _mark = Convert.ToHexStringLower(SHA256.HashData([.. file.Secret.Span, .. Encoding.ASCII.GetBytes("redis")]))[..32];
        _differences = SegmentGauge.OfConservation(meter, model);
        _inRedis = _redis is null ? null : SegmentGauge.OfRedis(meter);
        _reconciled = meter.CreateCounter<long>("streaminsight_reconciled_customers", null, "Customers written to Redis again, because it had lost them.");
        _reconciled.Add(0);
    }

    public void Start() => _work = Task.Run(() => RunAsync(_stop.Token));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _redis?.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken cancel)
    {
        long countedAt = 0;
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                if (_redis is not null)
                    await GuardAsync(_redis, cancel);
                if (countedAt == 0 || _time.GetElapsedTime(countedAt) >= Count)
                {
                    countedAt = _time.GetTimestamp();
                    await CountAsync(cancel);
                }
            }
            catch (DependencyUnavailableException)
            {
                // Redis is away or the store is busy: the sink and the worker tell. Looked at again.
            }
            await Task.Delay(Look, _time, cancel);
        }
    }

    /// <summary>Whose keys Redis holds: none any more (it lost everything), ours, or another store's.</summary>
    private async Task GuardAsync(RedisReconciler redis, CancellationToken cancel)
    {
        string? mark = await redis.ReadMarkAsync(cancel);
        if (mark == _mark)
            return;
        if (mark is not null)
        {
            LogForeign();
            await redis.WriteMarkAsync(_mark, cancel);
            return;
        }
        bool isNew;
        using (var snapshot = new StoreSnapshot(_file))
            isNew = snapshot.Cursors.GetValueOrDefault("redis") == 0;
        if (!isNew)
        {
            LogLost();
            (long written, long removed) = await new Reconciliation(_file, _model, redis).RunAsync(cancel);
            _reconciled.Add(written);
            LogReconciled(written, removed);
        }
        await redis.WriteMarkAsync(_mark, cancel);
    }

    private async Task CountAsync(CancellationToken cancel)
    {
        bool wasQuiet = _behind() == 0;
        IReadOnlyDictionary<string, long> members;
        using (var snapshot = new StoreSnapshot(_file))
        {
            members = snapshot.CountMembers();
            foreach (string segment in _model.Segments.Select(segment => segment.Name))
                _differences[segment] = snapshot.Counters.TryGetValue(SegmentCounts.Entered + segment, out long entered)
                    ? entered - snapshot.Counters.GetValueOrDefault(SegmentCounts.Left + segment) - members.GetValueOrDefault(segment)
                    : 0;
        }
        if (_redis is null || !wasQuiet)
            return;
        foreach (string segment in _model.Segments.Select(segment => segment.Name))
        {
            long there = await _redis.CountMembersAsync(segment, cancel);
            if (there == members.GetValueOrDefault(segment))
                _inRedis![segment] = 0;
            else if (await DiffersStillAsync(segment, cancel) is { } difference)
                _inRedis![segment] = difference;
        }
    }

    /// <summary>Counted again, with Redis quiet before and after; null = it was not quiet, nothing can be said.</summary>
    private async Task<long?> DiffersStillAsync(string segment, CancellationToken cancel)
    {
        for (int tries = 0; tries < 5; tries++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), _time, cancel);
            long last;
            long members;
            using (var snapshot = new StoreSnapshot(_file))
                (last, members) = (snapshot.LastFact, snapshot.CountMembers().GetValueOrDefault(segment));
            if (_behind() != 0)
                continue;
            long there = await _redis!.CountMembersAsync(segment, cancel);
            using var after = new StoreSnapshot(_file);
            if (after.LastFact == last)
                return there - members;
        }
        return null;
    }

    [LoggerMessage(EventId = 60, Level = LogLevel.Warning, Message = "Redis has lost what was written to it (it came back empty). Records and segments are written again from the state; streams of triggers go on with what comes.")]
    private partial void LogLost();

    [LoggerMessage(EventId = 61, Level = LogLevel.Information, Message = "Redis has everything again: {Customers} customers written, {Members} members taken out.")]
    private partial void LogReconciled(long customers, long members);

    [LoggerMessage(EventId = 62, Level = LogLevel.Warning, Message = "The keys in Redis were written from another data folder. What that one wrote newer than this one knows stays as it is: give another prefix, or start on an empty Redis.")]
    private partial void LogForeign();
}
