using StreamInsight.Engine;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Orleans.Wire;
using StreamInsight.Pipeline;
using StreamInsight.State;

namespace StreamInsight.Orleans.Customers;

/// <summary>One customer in a grain.</summary>
[PreferLocalPlacement]
public sealed class CustomerGrain(SiloModel model, CustomerEngines engines, ILocalSiloDetails silo) : Grain, ICustomerGrain
{
    private static readonly CustomerAnswer NeedsState = new() { NeedsState = true };

    private CustomerState? _customer;
    private Guid _session;
    private long _version = -1;

    public ValueTask<CustomerAnswer> ApplyAsync(CustomerTicket ticket, MessageParcel messages)
    {
        if (!Begin(ticket, out CustomerAnswer? refused))
            return new(refused!);
        EngineSeat seat = engines.Mine;
        var step = new StepParcel();
        for (int i = 0; i < messages.Count; i++)
        {
            Refusal refusal = Apply(seat.Engine, messages.Run.Message(messages[i])!, messages.Run.Position(messages[i]), step.Facts);
            if (refusal == Refusal.None)
                continue;
            if (step.Refusals.Length == 0)
                step.Refusals = new Refusal[messages.Count];
            step.Refusals[i] = refusal;
        }
        return new(End(ticket, seat, step));
    }

    public ValueTask<CustomerAnswer> AdvanceAsync(CustomerTicket ticket, long untilMs)
    {
        if (!Begin(ticket, out CustomerAnswer? refused))
            return new(refused!);
        EngineSeat seat = engines.Mine;
        var step = new StepParcel();
        if (_customer is { } customer && customer.NextTimerMs <= untilMs)
            seat.Engine.Advance(customer, customer.NextTimerMs, step.Facts);
        return new(End(ticket, seat, step));
    }

    public ValueTask<CustomerAnswer> MergeAsync(CustomerTicket ticket, byte[] from, long recordTimeMs)
    {
        if (!Begin(ticket, out CustomerAnswer? refused))
            return new(refused!);
        EngineSeat seat = engines.Mine;
        var step = new StepParcel();
        _customer = seat.Engine.Merge(StateCodec.Decode(from, model.Model), _customer, this.GetPrimaryKeyString(), recordTimeMs, step.Facts);
        return new(End(ticket, seat, step));
    }

    public ValueTask ForgetAsync()
    {
        _customer = null;
        _version = -1;
        DeactivateOnIdle();
        return default;
    }

    private Refusal Apply(CustomerEngine engine, CustomerEvent message, SourcePosition position, List<Fact> facts)
    {
        CustomerState? customer = _customer;
        if (customer is null && message.Refusal != Refusal.None)
            return message.Refusal;
        customer ??= engine.Create(this.GetPrimaryKeyString(), message.RecordTimeMs);
        Refusal refusal = engine.Apply(customer, message, position, facts);
        if (_customer is null && refusal == Refusal.None)
            _customer = customer;
        return refusal;
    }

    /// <summary>From here to <see cref="End"/> the state is half-way: a step that throws leaves no version that anybody expects.</summary>
    private bool Begin(CustomerTicket ticket, out CustomerAnswer? refused)
    {
        refused = null;
        if (ticket.Caller.Session != _session)
        {
            if (model.Refuse(ticket.Caller.Model) is { } problem)
                refused = new CustomerAnswer { Problem = problem };
            else if (ticket.Given == GivenState.Remembered)
                refused = NeedsState;
            else if (ticket.Caller.Near is { } near && !near.Equals(silo.SiloAddress))
                this.MoveTo(near);   // the partition lives elsewhere by now: this once here, from then on there
        }
        else if (ticket.Given == GivenState.Remembered && ticket.Version != _version)
        {
            refused = NeedsState;
        }
        if (refused is not null)
            return false;
        _session = ticket.Caller.Session;
        _version = -1;
        if (ticket.Given != GivenState.Remembered)
            _customer = ticket.Row is { } row ? StateCodec.Decode(row, model.Model) : null;
        return true;
    }

    private CustomerAnswer End(CustomerTicket ticket, EngineSeat seat, StepParcel step)
    {
        _version = ticket.Version + 1;
        if (_customer is not { } customer)
            return new CustomerAnswer { Step = step, NextTimerMs = long.MaxValue };
        StateWriter writer = seat.Writer;
        writer.Clear();
        StateCodec.Encode(customer, model.Model, writer);
        return new CustomerAnswer { Step = step, Row = writer.Written.ToArray(), NextTimerMs = customer.NextTimerMs, Stage = model.Model.Journey?.Stages[customer.Stage] };
    }
}
