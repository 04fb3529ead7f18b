using StreamInsight.Engine;
using StreamInsight.Expressions;

namespace StreamInsight.Decisions;

/// <summary>The routing of a model, ready to run.</summary>
public sealed record CompiledRouting(
    Expression Queue, Expression Score, IReadOnlyList<(string Code, Condition When)> Reasons, Expression? Agent, Expression? Skills, long ValidForMs)
{
    public IEnumerable<Expression> Expressions =>
        new[] { Queue, Score, Agent, Skills }.OfType<Expression>().Concat(Reasons.Select(reason => reason.When.Expression));
}
