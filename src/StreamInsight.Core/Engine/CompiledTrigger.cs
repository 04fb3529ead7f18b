using StreamInsight.Definitions;
using StreamInsight.Expressions;
using StreamInsight.Facts;

namespace StreamInsight.Engine;

/// <summary>One trigger, ready to be matched. <paramref name="Target"/> null = any segment or stage.</summary>
public sealed record CompiledTrigger(TriggerDefinition Definition, FactKind On, string? Target, IReadOnlyList<(string Path, Expression Expression)> With)
{
    public bool Matches(FactKind kind, string? name) => kind == On && (Target is null || Target == name);
}
