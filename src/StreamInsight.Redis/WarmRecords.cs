using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using StreamInsight.Facts;
using StreamInsight.Pipeline;

namespace StreamInsight.Redis;

/// <summary>
/// Keeps routing records warm: each is written again before it goes stale, as long as it still holds. What holds is what the customers' own worker says, up to the instant until
/// which it knows everything; when the worker stands still or is behind, nothing is written, and records go stale as they should. No fact, no seq. When to write which record
/// is kept in Redis beside the records, so it goes on after a restart. Bounded work a second; what is due longest comes first.
/// <para>
/// A Redis that has lost everything is filled again: those who are routed are put on the list anew (<see cref="Routed"/>).
/// It also puts customers under a phone number or an address they were told just now, which no fact need say (<see cref="Tell"/>).
/// </para>
/// </summary>
public sealed partial class WarmRecords : IAsyncDisposable
{
    private const int RoundsASecond = 5;
    private const int MaxTold = 100_000;
    private const int CustomersAQuestion = 100;

    private const int RoundsALook = 10 * RoundsASecond;
    private const int SeedsARound = 5000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1.0 / RoundsASecond);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly RedisOptions _options;
    private readonly long _validForMs;
    private readonly Func<IReadOnlyList<string>, Task<Standing>> _look;
    private readonly Func<long> _delivered;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly RedisConnection _connection;
    private readonly RedisKeys _keys;
    private readonly CustomerRecord _records;
    private readonly RedisScript _script;
    private readonly ConcurrentQueue<string> _told = new();
    private readonly Dictionary<string, (long Seq, long FactPosition)> _behind = new(StringComparer.Ordinal);
    private readonly WarmMetrics _metrics;
    private readonly CancellationTokenSource _stop = new();
    private readonly BackOff _backOff = new();
    private Task _work = Task.CompletedTask;
    private long _overdue;
    private long _rounds;
    private string? _seedAfter;

    /// <param name="validForMs">How long a record may be used, by the model; 0 = the model has no routing.</param>
    /// <param name="look">How customers stand, from their worker.</param>
    /// <param name="delivered">The outbox position up to which facts are in Redis.</param>
    public WarmRecords(
        RedisOptions options, long validForMs, Func<IReadOnlyList<string>, Task<Standing>> look, Func<long> delivered, WarmMetrics metrics, TimeProvider time, ILogger log)
    {
        _options = options;
        _validForMs = validForMs;
        _look = look;
        _delivered = delivered;
        _time = time;
        _log = log;
        _connection = new RedisConnection(options);
        _keys = new RedisKeys(options.Prefix, options.Partition);
        _records = new CustomerRecord(_keys, LookupAlias.With(options));
        _script = new RedisScript(RefreshScript.Text, options);
        _metrics = metrics;
        metrics.Add(this);
    }

    /// <summary>Customers whose contacts are routed, by id: after one, at most so many. Null = an emptied Redis is filled by facts alone.</summary>
    public Func<string, int, IReadOnlyList<string>>? Routed { get; init; }

    /// <summary>Records that should have been written again by now.</summary>
    internal long Overdue => Volatile.Read(ref _overdue);

    public void Start() => _work = Task.Run(() => RunAsync(_stop.Token));

    /// <summary>These can be found by something new. Any thread; when too many wait they are found at their next turn.</summary>
    public void Tell(IReadOnlyList<string> customers)
    {
        foreach (string customer in customers)
        {
            if (_told.Count < MaxTold)
                _told.Enqueue(customer);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _metrics.Remove(this);
        _connection.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            TimeSpan pause = Pause;
            try
            {
                await RoundAsync(cancel).ConfigureAwait(false);
                _backOff.Reset();
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The sink tells the world about Redis; here it is enough to try on.
                if (_backOff.Failures == 0)
                    LogFailed(e is RedisException or TimeoutException ? RedisConnection.Reason(e) : e.Message);
                _connection.Drop();
                _script.Forget();
                pause = _backOff.Next();
            }
            await Task.Delay(pause, _time, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>One turn: whoever is due, at most a turn's share of what a second may do. For tests; otherwise <see cref="Start"/>.</summary>
    public async Task<int> RoundAsync(CancellationToken cancel)
    {
        var database = await _connection.OpenAsync(cancel).ConfigureAwait(false);
        int share = Math.Max(1, _options.RefreshesPerSecond / RoundsASecond);
        long nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        int written = 0;
        if (_validForMs == 0)
        {
            written = await RefreshAsync(database, TakeTold(share), nowMs, cancel).ConfigureAwait(false);
        }
        else if (ValidUntilMs(await _look([]).WaitAsync(cancel).ConfigureAwait(false), nowMs) > nowMs)
        {
            await SeedAsync(database, nowMs, cancel).ConfigureAwait(false);
            var due = await database.SortedSetRangeByScoreAsync(_keys.Warm, stop: nowMs, take: share).WaitAsync(_options.CommandTimeout, cancel).ConfigureAwait(false);
            written = await RefreshAsync(database, [.. TakeTold(share), .. due.Select(customer => (string)customer!)], nowMs, cancel).ConfigureAwait(false);
        }
        if (_validForMs > 0)
            Volatile.Write(ref _overdue, await database.SortedSetLengthAsync(_keys.Warm, double.NegativeInfinity, nowMs).WaitAsync(_options.CommandTimeout, cancel).ConfigureAwait(false));
        return written;
    }

    /// <summary>The list of a Redis that has none is made anew, a part in each turn. Records of customers that Redis knows nothing of are then written as if they had gone stale.</summary>
    private async Task SeedAsync(IDatabase database, long nowMs, CancellationToken cancel)
    {
        if (Routed is null)
            return;
        if (_seedAfter is null && _rounds++ % RoundsALook == 0 && !await database.KeyExistsAsync(_keys.Warm).WaitAsync(_options.CommandTimeout, cancel).ConfigureAwait(false))
            _seedAfter = "";
        if (_seedAfter is null)
            return;
        IReadOnlyList<string> customers = Routed(_seedAfter, SeedsARound);
        if (customers.Count > 0)
        {
            // Who is on it by a fact meanwhile stays where it is.
            await database.SortedSetAddAsync(_keys.Warm, [.. customers.Select(customer => new SortedSetEntry(customer, nowMs))], When.NotExists)
                .WaitAsync(_options.CommandTimeout, cancel).ConfigureAwait(false);
        }
        _seedAfter = customers.Count < SeedsARound ? null : customers[^1];
    }

    /// <summary>Until when a record may be used that is written now: nothing is known after the worker's last instant.</summary>
    private long ValidUntilMs(Standing standing, long nowMs) =>
        standing.KnownUntilMs < 0 ? 0 : Math.Min(standing.KnownUntilMs, nowMs) + _validForMs;

    private List<string> TakeTold(int max)
    {
        var customers = new List<string>();
        while (customers.Count < max && _told.TryDequeue(out string? customer))
            customers.Add(customer);
        return customers;
    }

    /// <summary>In small parts: the worker has events to apply in between.</summary>
    private async Task<int> RefreshAsync(IDatabase database, IReadOnlyList<string> customers, long nowMs, CancellationToken cancel)
    {
        int written = 0;
        foreach (string[] part in customers.Distinct(StringComparer.Ordinal).Chunk(CustomersAQuestion))
            written += await RefreshPartAsync(database, part, nowMs, cancel).ConfigureAwait(false);
        return written;
    }

    private async Task<int> RefreshPartAsync(IDatabase database, IReadOnlyList<string> customers, long nowMs, CancellationToken cancel)
    {
        Standing standing = await _look(customers).WaitAsync(cancel).ConfigureAwait(false);
        long validUntilMs = ValidUntilMs(standing, nowMs);
        long delivered = _delivered();
        var calls = new List<(string Customer, long Seq, RedisKey[] Keys, RedisValue[] Arguments)>();
        var others = new List<(string Customer, bool IsGone)>();
        foreach ((string customer, CustomerView? view) in customers.Zip(standing.Views))
        {
            if (view is null || view.HoldsUntilMs <= standing.KnownUntilMs || (view.Routing is not null && validUntilMs <= nowMs))
                others.Add((customer, view is null));
            else
                calls.Add(Call(view with { Routing = view.Routing is { } routing ? routing with { ValidUntilMs = validUntilMs } : null }, delivered, nowMs));
        }
        await PutOffAsync(database, others, nowMs, cancel).ConfigureAwait(false);
        if (calls.Count == 0)
            return 0;

        var answers = await _script.RunAsync(database, [.. calls.Select(call => (call.Keys, call.Arguments))], cancel).ConfigureAwait(false);
        int written = 0;
        for (int i = 0; i < calls.Count; i++)
        {
            int answer = (int)answers[i];
            if (answer == RefreshScript.Behind)
                _behind[calls[i].Customer] = (calls[i].Seq, standing.FactPosition);
            else
                _behind.Remove(calls[i].Customer);
            if (answer == RefreshScript.Behind && _validForMs == 0)
                _told.Enqueue(calls[i].Customer);
            written += answer == RefreshScript.Written ? 1 : 0;
        }
        _metrics.Refreshed(written);
        return written;
    }

    private (string Customer, long Seq, RedisKey[] Keys, RedisValue[] Arguments) Call(CustomerView view, long delivered, long nowMs)
    {
        // Triggers that were too old are left out on the way: Redis then never comes to the customer's last seq, though everything was delivered.
        bool isSettled = _behind.TryGetValue(view.Customer, out var seen) && seen.Seq == view.Seq && seen.FactPosition <= delivered;
        return (view.Customer, view.Seq,
            [_keys.Customer(view.Customer), _keys.Cursor(view.Customer), _keys.Holdings(view.Customer), _keys.Warm],
            [
                view.Customer, view.Seq, CustomerScript.CursorSeconds, isSettled ? "1" : "0", nowMs + (long)Again.TotalMilliseconds,
                view.Routing is { } routing ? InstantText.Of(routing.ValidUntilMs) : "", .. _records.Arguments(view, nowMs),
            ]);
    }

    /// <summary>Who is gone is no longer asked for; who is about to change is asked for again soon.</summary>
    private async Task PutOffAsync(IDatabase database, List<(string Customer, bool IsGone)> customers, long nowMs, CancellationToken cancel)
    {
        if (customers.Count == 0)
            return;
        RedisValue[] gone = [.. customers.Where(c => c.IsGone).Select(c => (RedisValue)c.Customer)];
        SortedSetEntry[] later = [.. customers.Where(c => !c.IsGone).Select(c => new SortedSetEntry(c.Customer, nowMs + Again.TotalMilliseconds))];
        foreach ((string customer, bool isGone) in customers)
        {
            if (isGone)
                _behind.Remove(customer);
            else if (_validForMs == 0)
                _told.Enqueue(customer);
        }
        await Task.WhenAll(
            gone.Length == 0 ? Task.CompletedTask : database.SortedSetRemoveAsync(_keys.Warm, gone),
            later.Length == 0 ? Task.CompletedTask : database.SortedSetAddAsync(_keys.Warm, later, When.Exists)).WaitAsync(_options.CommandTimeout, cancel).ConfigureAwait(false);
    }

    [LoggerMessage(EventId = 40, Level = LogLevel.Warning, Message = "Routing records are not kept warm: {Reason}. Trying on.")]
    private partial void LogFailed(string reason);
}
