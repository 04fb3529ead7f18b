using StreamInsight.Definitions;
using StreamInsight.Engine;
using StreamInsight.Expressions;

namespace StreamInsight.Decisions;

/// <summary>A score that learns. Events are indexes of the model's events; failure -1 = none.</summary>
/// <param name="Index">Its place among the learned scores of the model.</param>
public sealed record CompiledLearning(int Index, LearnDefinition Definition, int Success, int Failure, Condition? Key, IReadOnlyList<Expression> Inputs);
