using System.Diagnostics;
using StreamInsight.Decisions;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Orleans.Wire;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Erasures;
using StreamInsight.Pipeline.Partitions;

namespace StreamInsight.Orleans.Partitions;

/// <summary>
/// A partition's customers, in a grain. While nothing is uncommitted the grain may go and come as it likes. If it goes with something uncommitted (its silo died), the
/// next call says so with a <see cref="DependencyUnavailableException"/>: the partition stops and is started again from what is committed.
/// </summary>
public sealed class PartitionGrainHost : ICustomerHost
{
    /// <summary>How long a silo that died may take to be noticed, or a grain to come here.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IPartitionGrain _grain;
    private readonly string _partition;
    private readonly SiloModel _model;
    private readonly long _generation;
    private readonly SiloAddress? _near;
    private readonly PartitionPlace? _place;
    private Guid _session;
    private long _number;
    private bool _isOpen;
    private bool _isAhead;          // applied something that no TakeChanges has taken
    private bool _isCommitting;     // what was taken is not known to be durable
    private bool _mayTrim;

    /// <param name="committed">Counters as committed, until the grain has been asked.</param>
    /// <param name="near">The worker's silo, where the grain should be; null = wherever it is.</param>
    /// <param name="place">Which of several partitions it is; null = there is one.</param>
    public PartitionGrainHost(IPartitionGrain grain, string partition, SiloModel model, long generation, IReadOnlyDictionary<string, long> committed, SiloAddress? near, PartitionPlace? place = null)
    {
        _grain = grain;
        _partition = partition;
        _model = model;
        _generation = generation;
        _near = near;
        _place = place;
        CustomerCount = committed.GetValueOrDefault("customers");
    }

    public long NextTimerMs { get; private set; } = long.MinValue;

    public bool IsAwaited { get; private set; }

    public int StoppedCustomers { get; private set; }

    public long CustomerCount { get; private set; }

    public DecisionFigures Decisions { get; private set; } = new([], []);

    public async ValueTask ProcessAsync(MessageRun run, List<Fact> facts)
    {
        if (run.Count == 0)
            return;
        StepParcel step = await AskAsync(static (grain, ticket, run) => grain.ApplyAsync(ticket, new MessageParcel(run)), run, changes: true);
        facts.AddRange(step.Facts);
        foreach (RefusedMessage refused in step.Refused)
            run.Refuse(refused);
    }

    public async ValueTask<int> FireTimersAsync(long untilMs, int max, List<Fact> facts)
    {
        FiredParcel step = await AskAsync(static (grain, ticket, call) => grain.FireTimersAsync(ticket, call.untilMs, call.max), (untilMs, max), changes: true);
        facts.AddRange(step.Facts);
        return step.Fired;
    }

    public async ValueTask<HostChanges> TakeChangesAsync()
    {
        ChangesParcel taken = await AskAsync(static (grain, ticket, _) => grain.TakeChangesAsync(ticket), 0, changes: false);
        _isAhead = false;
        _isCommitting = true;
        Decisions = taken.Decisions;
        return taken.Changes;
    }

    public async ValueTask<CustomerView?[]> ViewAsync(IReadOnlyList<string> customers) =>
        (await AskAsync(static (grain, ticket, customers) => grain.ViewAsync(ticket, customers), customers.ToArray(), changes: false)).Views;

    public async ValueTask<byte[]?> ProfileAsync(string id) => await AskAsync(static (grain, ticket, id) => grain.ProfileAsync(ticket, id), id, changes: false);

    public async ValueTask<byte[]?> ExplainAsync(string id, long nowMs) =>
        await AskAsync(static (grain, ticket, call) => grain.ExplainAsync(ticket, call.id, call.nowMs), (id, nowMs), changes: false);

    public async ValueTask<byte[]> ReportAsync() => await AskAsync(static (grain, ticket, _) => grain.ReportAsync(ticket), 0, changes: false);

    public async ValueTask<QueueState?> QueueAsync(string name, long nowMs) =>
        (await AskAsync(static (grain, ticket, call) => grain.QueueAsync(ticket, call.name, call.nowMs), (name, nowMs), changes: false)).State;

    /// <summary>Goes to the grain with the next call.</summary>
    public void Trim()
    {
        _isCommitting = false;
        _mayTrim = true;
    }

    public async ValueTask<Erasure?> EraseAsync(string id, long nowMs, long forgetAfterMs, List<Fact> facts)
    {
        ErasureParcel erased = await AskAsync(
            static (grain, ticket, call) => grain.EraseAsync(ticket, call.id, call.nowMs, call.forgetAfterMs), (id, nowMs, forgetAfterMs), changes: true);
        facts.AddRange(erased.Facts);
        return erased.Erasure;
    }

    /// <summary>Tells the grain that it is no longer needed. What was not committed is not kept.</summary>
    public async ValueTask CloseAsync()
    {
        if (!_isOpen)
            return;
        _isOpen = false;
        try
        {
            await _grain.CloseAsync(_session);
        }
        catch (Exception error) when (IsAway(error))
        {
            // Then it is gone already, or goes when it was idle for long.
        }
    }

    internal static bool IsAway(Exception error) => error is OrleansException or TimeoutException;

    /// <summary>
    /// One call. A grain that does not know the session is opened again if there is nothing that only the last one knew; else there is only the way back.
    /// </summary>
    private async ValueTask<T> AskAsync<T, TCall>(Func<IPartitionGrain, PartitionTicket, TCall, ValueTask<PartitionAnswer<T>>> ask, TCall call, bool changes)
    {
        try
        {
            if (!_isOpen)
                await OpenAsync();
            PartitionAnswer<T> answer = default;
            try
            {
                answer = await ask(_grain, Ticket(), call);
            }
            catch (Exception error) when (IsAway(error) && !IsAhead)
            {
                // Nothing is lost with it. Should it have done the call after all, a new session begins from what is committed.
            }
            if (!answer.Standing.Knows)
            {
                if (IsAhead)
                {
                    await OpenAsync();   // says so if the partition has a later owner
                    throw Lost();
                }
                await OpenAsync();
                answer = await ask(_grain, Ticket(), call);
                if (!answer.Standing.Knows)
                    throw Lost();
            }
            _number++;
            _mayTrim = false;
            _isAhead |= changes;
            See(answer.Standing);
            return answer.Content!;
        }
        catch (Exception error) when (IsAway(error))
        {
            throw Away(error);
        }
    }

    /// <summary>The grain knows what is nowhere else.</summary>
    private bool IsAhead => _isAhead || _isCommitting;

    private PartitionTicket Ticket() => new(_session, _number + 1, _mayTrim);

    private async ValueTask OpenAsync()
    {
        _session = Guid.NewGuid();
        var opening = new PartitionOpening(_session, _generation, _model.Fingerprint, _near, _place?.Partition ?? 0, _place?.Homes.Count ?? 0);
        long started = Stopwatch.GetTimestamp();
        for (int wait = 10; ; wait = Math.Min(500, wait * 2))
        {
            Exception? away = null;
            try
            {
                PartitionStanding standing = await _grain.OpenAsync(opening);
                if (standing is { IsFenced: true, Problem: { } taken })
                    throw new FencedException(taken);
                if (standing.Problem is { } problem)
                    throw new DependencyUnavailableException(problem);
                if (standing.Knows)
                {
                    _number = 0;
                    _isOpen = true;
                    _mayTrim = false;
                    See(standing);
                    return;
                }
            }
            catch (Exception error) when (IsAway(error))
            {
                away = error;   // its silo has died, and the others have not noticed yet
            }
            if (Stopwatch.GetElapsedTime(started) > Patience)
                throw Away(away);
            await Task.Delay(wait);
        }
    }

    private DependencyUnavailableException Away(Exception? error) => new(
        $"The grain of partition {_partition} cannot be had{(error is null ? "" : $" ({error.GetType().Name})")}: its silo is gone, overloaded or does not let it go. The partition stops and goes on from its last checkpoint when it is started again.", error);

    private DependencyUnavailableException Lost() => new(
        $"The grain of partition {_partition} has lost what was not committed: its silo died. The partition stops and goes on from its last checkpoint when it is started again.");

    private void See(in PartitionStanding standing)
    {
        NextTimerMs = standing.NextTimerMs;
        CustomerCount = standing.Customers;
        StoppedCustomers = standing.Stopped;
        IsAwaited = standing.IsAwaited;
    }
}
