using StreamInsight.Expressions;

namespace StreamInsight.Decisions;

/// <summary>Reads a computed score: a double; what is no number is null.</summary>
internal sealed class ScoreNode(Expression expression) : Node
{
    public override Value Evaluate(EvalContext context)
    {
        double score = Numbers.OrNaN(expression.Evaluate(context));
        return double.IsNaN(score) ? Value.Null : Value.Double(score);
    }
}
