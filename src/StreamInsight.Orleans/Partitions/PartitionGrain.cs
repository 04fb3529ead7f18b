using StreamInsight.Facts;
using StreamInsight.Orleans.Wire;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Partitions;

namespace StreamInsight.Orleans.Partitions;

/// <summary>
/// A partition's customers in a grain: the same <see cref="LocalCustomerHost"/> as without Orleans. What it holds beyond the last commit is gone with it; the worker
/// notices by the ticket and goes back to what is committed. Being idle is no reason to let go of it: it is closed by its worker, or opened by the next one.
/// </summary>
[PreferLocalPlacement, KeepAlive]
public sealed class PartitionGrain(SiloModel model, IPartitionStores stores, ILocalSiloDetails silo) : Grain, IPartitionGrain
{
    private IStateStore? _store;
    private ICustomerHost? _host;
    private Guid _session;
    private long _generation;
    private long _number;

    public ValueTask<PartitionStanding> OpenAsync(PartitionOpening opening)
    {
        if (model.Refuse(opening.Model) is { } problem)
            return new(Refused(problem));
        if (opening.Generation < _generation)
            return new(Refused($"Partition {this.GetPrimaryKeyString()} belongs to a later owner by now (generation {_generation}; this is {opening.Generation}).") with { IsFenced = true });
        if (opening.Near is { } near && !near.Equals(silo.SiloAddress))
        {
            // The partition went to another node; the next activation is made there.
            Close();
            this.MoveTo(near);
            return new(new PartitionStanding { IsMoving = true });
        }
        Close();
        _store = stores.Open(this.GetPrimaryKeyString());
        _host = new LocalCustomerHost(
            model.Model, _store, opening.Partitions == 0 ? null : new PartitionPlace(opening.Partition, new HomePartitions(opening.Partitions)));
        _session = opening.Session;
        _generation = opening.Generation;
        _number = 0;
        return new(Standing());
    }

    public ValueTask<PartitionAnswer<StepParcel>> ApplyAsync(PartitionTicket ticket, MessageParcel messages) => DoAsync(ticket, messages, async static (host, messages) =>
    {
        var answer = new StepParcel();
        await host.ProcessAsync(messages.Run, answer.Facts);
        if (messages.IsFromElsewhere)
            answer.Refused.AddRange(messages.Run.Refused);   // else they are in the worker's own run
        return answer;
    });

    public ValueTask<PartitionAnswer<FiredParcel>> FireTimersAsync(PartitionTicket ticket, long untilMs, int max) => DoAsync(ticket, (untilMs, max), async static (host, call) =>
    {
        var answer = new FiredParcel();
        answer.Fired = await host.FireTimersAsync(call.untilMs, call.max, answer.Facts);
        return answer;
    });

    public ValueTask<PartitionAnswer<ChangesParcel>> TakeChangesAsync(PartitionTicket ticket) =>
        DoAsync(ticket, 0, async static (host, _) => new ChangesParcel(await host.TakeChangesAsync(), host.Decisions));

    public ValueTask<PartitionAnswer<ViewsParcel>> ViewAsync(PartitionTicket ticket, string[] customers) =>
        DoAsync(ticket, customers, async static (host, customers) => new ViewsParcel(await host.ViewAsync(customers)));

    public ValueTask<PartitionAnswer<byte[]>> ProfileAsync(PartitionTicket ticket, string id) => DoAsync(ticket, id, static (host, id) => host.ProfileAsync(id));

    public ValueTask<PartitionAnswer<byte[]>> ExplainAsync(PartitionTicket ticket, string id, long nowMs) =>
        DoAsync(ticket, (id, nowMs), static (host, call) => host.ExplainAsync(call.id, call.nowMs));

    public ValueTask<PartitionAnswer<byte[]>> ReportAsync(PartitionTicket ticket) => DoAsync(ticket, 0, async static (host, _) => (byte[]?)await host.ReportAsync());

    public ValueTask<PartitionAnswer<QueueParcel>> QueueAsync(PartitionTicket ticket, string name, long nowMs) =>
        DoAsync(ticket, (name, nowMs), async static (host, call) => new QueueParcel(await host.QueueAsync(call.name, call.nowMs)));

    public ValueTask<PartitionAnswer<ErasureParcel>> EraseAsync(PartitionTicket ticket, string id, long nowMs, long forgetAfterMs) =>
        DoAsync(ticket, (id, nowMs, forgetAfterMs), async static (host, call) =>
        {
            var answer = new ErasureParcel();
            answer.Erasure = await host.EraseAsync(call.id, call.nowMs, call.forgetAfterMs, answer.Facts);
            return answer;
        });

    public ValueTask CloseAsync(Guid session)
    {
        if (session == _session)
        {
            Close();
            DeactivateOnIdle();
        }
        return default;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Close();
        return Task.CompletedTask;
    }

    private static PartitionStanding Refused(string problem) => new() { Problem = problem };

    /// <summary>One step, if this is the session and the call that comes next. After a step that failed half-way nothing here is true any more.</summary>
    private async ValueTask<PartitionAnswer<T>> DoAsync<T, TCall>(PartitionTicket ticket, TCall call, Func<ICustomerHost, TCall, ValueTask<T?>> step)
    {
        if (_host is null || ticket.Session != _session || ticket.Number != _number + 1)
            return default;
        try
        {
            if (ticket.IsCommitted)
                _host.Trim();
            T? content = await step(_host, call);
            _number = ticket.Number;
            return new(Standing(), content);
        }
        catch
        {
            Close();
            throw;
        }
    }

    private PartitionStanding Standing() => new(true, _host!.NextTimerMs, _host.CustomerCount, _host.StoppedCustomers, _host.IsAwaited);

    private void Close()
    {
        _session = default;
        _host = null;
        _store?.Dispose();
        _store = null;
    }
}
