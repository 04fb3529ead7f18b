using System.Runtime.CompilerServices;
using StreamInsight.Expressions;
using StreamInsight.Features;

namespace StreamInsight.Engine;

/// <summary>Reads an observed feature.</summary>
public sealed class FeatureNode(Feature feature) : Node, IThresholdNode
{
    public override Value Evaluate(EvalContext context)
    {
        var customer = Unsafe.As<CustomerContext>(context);
        return feature.Read(ref customer.State.Memory, customer, customer.Scratch);
    }

    public Value Compare(EvalContext context, Comparison comparison, Value constant)
    {
        var customer = Unsafe.As<CustomerContext>(context);
        return feature.Compare(ref customer.State.Memory, customer, customer.Scratch, comparison, constant);
    }
}
