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
}
