namespace StreamInsight.Webhooks;

/// <summary>Who gets webhooks: its name in the model, where to, and what signs.</summary>
public sealed record Subscriber(string Name, Uri Url, SigningSecrets Secrets);
