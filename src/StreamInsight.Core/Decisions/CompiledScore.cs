using StreamInsight.Definitions;
using StreamInsight.Expressions;

namespace StreamInsight.Decisions;

/// <summary>One score: an expression, or something learned.</summary>
public sealed record CompiledScore(ScoreDefinition Definition, Expression? Expression, CompiledLearning? Learning, Node Node)
{
    public string Name => Definition.Name;

    /// <summary>What it reads.</summary>
    public IEnumerable<string> Paths => Expression?.Paths ?? Learning!.Inputs.SelectMany(input => input.Paths);
}
