using System.Runtime.CompilerServices;
using StreamInsight.Expressions;
using StreamInsight.Features;

namespace StreamInsight.Engine;

/// <summary>Reads an observed feature.</summary>
public sealed class FeatureNode(int index, Feature feature) : Node, IThresholdNode
{
    public override Value Evaluate(EvalContext context)
    {
        var customer = Unsafe.As<CustomerContext>(context);
        return feature.Read(customer.State.Features[index], customer, customer.Scratch);
    }

    public Value Compare(EvalContext context, Comparison comparison, Value constant)
    {
        var customer = Unsafe.As<CustomerContext>(context);
        return feature.Compare(customer.State.Features[index], customer, customer.Scratch, comparison, constant);
    }
}
