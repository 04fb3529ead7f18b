namespace StreamInsight.Definitions;

/// <summary>One trigger. <paramref name="Target"/> is a segment, a stage, or <c>*</c>; <paramref name="MaxAgeMs"/> null = for ever.</summary>
public sealed record TriggerDefinition(
    string Name, TriggerOn On, string Target, long? MaxAgeMs, IReadOnlyList<string> To, IReadOnlyList<ExpressionSource> With, Mark Mark);
