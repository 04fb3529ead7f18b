namespace StreamInsight.Server.Configuration;

/// <summary>A key as it is kept: its role and the SHA-256 of its text, never the text.</summary>
public sealed record ApiKey(KeyRole Role, byte[] Sha256);
