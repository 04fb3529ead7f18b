using StreamInsight.Expressions;

namespace StreamInsight.Explain;

/// <summary>A score's value now.</summary>
public sealed record ExplainedScore(string Name, Value Value, bool IsLearned);
