namespace StreamInsight.Definitions;

/// <summary>A webhook subscriber; the secret is read from the environment variable named.</summary>
public sealed record SubscriberDefinition(string Name, string Url, string? SecretEnv, Mark Mark);
