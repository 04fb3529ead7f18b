using StreamInsight.Definitions;
using StreamInsight.Engine;
using StreamInsight.Expressions;

namespace StreamInsight.Decisions;

/// <summary>One action, ready to compete.</summary>
/// <param name="Index">Its place in the model.</param>
/// <param name="Channels">Its channels by number in the model, in written order.</param>
/// <param name="Propensity">Null = 1; so are the next two.</param>
/// <param name="Queue">The queue whose target it waits for; -1 = none.</param>
public sealed record CompiledAction(
    int Index,
    ActionDefinition Definition,
    IReadOnlyList<int> Channels,
    Condition Eligible,
    Expression Value,
    Expression? Propensity,
    Expression? Context,
    Expression? Lever,
    int Queue,
    IReadOnlyList<ContentTemplate> Content,
    ScoreSampling Sampling)
{
    public string Name => Definition.Name;

    /// <summary>Holdout, caps and pauses bind it.</summary>
    public bool IsCommercial => Definition.Class == ActionClass.Commercial;

    /// <summary>What its score is computed from.</summary>
    public IEnumerable<Expression> Factors => new[] { Propensity, Context, Value, Lever }.OfType<Expression>();

    /// <summary>Everything it computes with, for readers of paths.</summary>
    public IEnumerable<Expression> Expressions => Factors.Prepend(Eligible.Expression).Concat(Content.SelectMany(content => content.Expressions));

    /// <summary>Its channels as a mask.</summary>
    public ulong ChannelMask { get; } = Channels.Aggregate(0UL, (mask, channel) => mask | (1UL << channel));
}
