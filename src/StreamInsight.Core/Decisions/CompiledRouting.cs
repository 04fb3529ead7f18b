using StreamInsight.Engine;
using StreamInsight.Expressions;

namespace StreamInsight.Decisions;

/// <summary>The routing of a model, ready to run.</summary>
public sealed record CompiledRouting(
    Expression Queue, Expression Score, IReadOnlyList<(string Code, Condition When)> Reasons, Expression? Agent, Expression? Skills, long ValidForMs)
{
    internal IEnumerable<Expression> ExpressionsOf(RoutingField field) => field switch
    {
        RoutingField.Queue => [Queue],
        RoutingField.Score => [Score],
        RoutingField.Reasons => Reasons.Select(reason => reason.When.Expression),
        RoutingField.Agent => Agent is null ? [] : [Agent],
        _ => Skills is null ? [] : [Skills],
    };
}
