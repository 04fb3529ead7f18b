using System.Security.Cryptography;
using System.Text;

namespace StreamInsight.Server.Configuration;

/// <summary>Judges keys. Compares hashes in constant time and always against all of them, so that neither text nor number of keys shows in the time.</summary>
public sealed class ApiKeys(IReadOnlyList<ApiKey> keys)
{
    /// <summary>There are none: the server is for this machine only.</summary>
    public bool AreOff => keys.Count == 0;

    public bool Allows(KeyRole need, string? key)
    {
        if (AreOff)
            return true;
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(key ?? ""), hash);
        bool allowed = false;
        foreach (ApiKey known in keys)
            allowed |= CryptographicOperations.FixedTimeEquals(hash, known.Sha256) & (known.Role == need | known.Role == KeyRole.Admin);
        return allowed && key is not null;
    }
}
