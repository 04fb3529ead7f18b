namespace StreamInsight.Definitions;

/// <summary>One action that competes for a customer's attention. Propensity, context and lever null = 1.</summary>
public sealed record ActionDefinition(
    string Name,
    IReadOnlyList<string> Channels,
    ActionClass Class,
    ExpressionSource Eligible,
    ExpressionSource Value,
    ExpressionSource? Propensity,
    ExpressionSource? Context,
    ExpressionSource? Lever,
    string? Topic,
    string? Purpose,
    string? Queue,
    IReadOnlyList<ContentDefinition> Content,
    Mark Mark);
