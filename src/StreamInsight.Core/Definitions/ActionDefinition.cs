namespace StreamInsight.Definitions;

/// <summary>Whether contact policy binds an action. Only commercial ones are held out, capped and paused.</summary>
public enum ActionClass : byte
{
    Commercial,
    Transactional,
    Mandatory,
}

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

/// <summary>A text with <c>${path}</c> or <c>${path|fallback}</c> in it.</summary>
public sealed record ContentDefinition(string Name, string Text, Mark Mark);
