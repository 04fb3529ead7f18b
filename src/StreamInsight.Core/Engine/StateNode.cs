using System.Runtime.CompilerServices;
using StreamInsight.Expressions;

namespace StreamInsight.Engine;

/// <summary>Reads something of the customer that only a step can change: a trait, a membership, the journey.</summary>
public sealed class StateNode(Func<CustomerContext, Value> read) : Node
{
    public override Value Evaluate(EvalContext context) => read(Unsafe.As<CustomerContext>(context));
}
