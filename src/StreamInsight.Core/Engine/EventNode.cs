using System.Runtime.CompilerServices;
using StreamInsight.Events;
using StreamInsight.Expressions;

namespace StreamInsight.Engine;

/// <summary>Reads something of the step's event; an error where the step has none.</summary>
public sealed class EventNode(Func<CustomerContext, CustomerEvent, Value> read) : Node
{
    private static readonly Value NoEvent = Value.Error("no event in this step");

    public override Value Evaluate(EvalContext context)
    {
        var customer = Unsafe.As<CustomerContext>(context);
        return customer.Event is { } message ? read(customer, message) : NoEvent;
    }

    /// <summary>Without an event even this is an error: <c>!has(event.properties.coupon)</c> is a condition on events, not on timers.</summary>
    internal override Value Has(EvalContext context) => Unsafe.As<CustomerContext>(context).Event is null ? NoEvent : base.Has(context);
}
