using StreamInsight.Expressions;
using StreamInsight.Features;

namespace StreamInsight.Engine;

/// <summary>How a feature of the model is read. <paramref name="Observed"/> null = derived.</summary>
public sealed record FeatureRead(string Name, CelType Type, Node Node, ObservedFeature? Observed);
