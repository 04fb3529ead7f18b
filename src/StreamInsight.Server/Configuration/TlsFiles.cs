namespace StreamInsight.Server.Configuration;

/// <summary>What the server proves itself with: a certificate and its key as PEM files, or one PFX file.</summary>
/// <param name="Password">Of the key or the PFX file; null = none.</param>
public sealed record TlsFiles(string? Certificate, string? Key, string? Pfx, string? Password)
{
    public override string ToString() => $"{Certificate ?? Pfx}";
}
