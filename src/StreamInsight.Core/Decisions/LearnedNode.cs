using System.Runtime.CompilerServices;
using StreamInsight.Engine;
using StreamInsight.Expressions;
using StreamInsight.Scores;

namespace StreamInsight.Decisions;

/// <summary>
/// Reads a learned score: the probability by what is known now. It is sampled at the customer's steps: neither what the clock does to its inputs nor what others teach
/// wakes a customer.
/// </summary>
internal sealed class LearnedNode(CompiledLearning learning) : Node
{
    public override Value Evaluate(EvalContext context)
    {
        var customer = Unsafe.As<CustomerContext>(context);
        Span<ScoreInput> inputs = stackalloc ScoreInput[learning.Inputs.Count];
        Read(customer, inputs);
        return Value.Double(customer.Shared.Scores[learning.Index].Predict(inputs));
    }

    public void Read(CustomerContext context, Span<ScoreInput> inputs)
    {
        long validUntil = context.ValidUntil;
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = ScoreInput.Of(learning.Inputs[i].Evaluate(context));
        context.ValidUntil = validUntil;
    }
}
