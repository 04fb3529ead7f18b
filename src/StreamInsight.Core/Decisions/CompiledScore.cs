using StreamInsight.Definitions;
using StreamInsight.Engine;
using StreamInsight.Expressions;

namespace StreamInsight.Decisions;

/// <summary>One score: an expression, or something learned.</summary>
public sealed record CompiledScore(ScoreDefinition Definition, Expression? Expression, CompiledLearning? Learning, Node Node)
{
    public string Name => Definition.Name;

    /// <summary>What it reads.</summary>
    public IEnumerable<string> Paths => Expression?.Paths ?? Learning!.Inputs.SelectMany(input => input.Paths);
}

/// <summary>A score that learns. Events are indexes of the model's events; failure -1 = none.</summary>
/// <param name="Index">Its place among the learned scores of the model.</param>
public sealed record CompiledLearning(int Index, LearnDefinition Definition, int Success, int Failure, Condition? Key, IReadOnlyList<Expression> Inputs);
