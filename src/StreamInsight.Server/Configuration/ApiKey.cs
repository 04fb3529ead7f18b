using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace StreamInsight.Server.Configuration;

/// <summary>
/// A key as it is kept: its role and a SHA-256, never its text. Keys are 256 random bits, so a fast hash is enough: there is nothing to guess.
/// </summary>
/// <param name="Sha256">Of the salt followed by the key's text in UTF-8.</param>
public sealed record ApiKey(KeyRole Role, byte[] Sha256)
{
    private const string Prefix = "sha256:";

    /// <summary>Empty = none.</summary>
    public byte[] Salt { get; init; } = [];

    /// <summary>Requests a second; null = as all keys, 0 = no limit.</summary>
    public int? Rate { get; init; }

    /// <summary>A new key: its text, which nobody can show again, and how it is kept.</summary>
    public static (string Text, ApiKey Kept) New(KeyRole role)
    {
        string text = $"si_{role.ToString().ToLowerInvariant()}_{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_')}";
        byte[] salt = RandomNumberGenerator.GetBytes(16);
        return (text, new ApiKey(role, Hash(salt, text)) { Salt = salt });
    }

    /// <summary><c>sha256:SALT:HASH</c>, or the plain SHA-256 of the key, in hex; null = it is neither.</summary>
    public static ApiKey? Parse(KeyRole role, string text)
    {
        string[] parts = text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..].Split(':') : ["", text];
        return parts.Length == 2 && IsHex(parts[0]) && parts[0].Length % 2 == 0 && parts[1].Length == 64 && IsHex(parts[1])
            ? new ApiKey(role, Convert.FromHexString(parts[1])) { Salt = Convert.FromHexString(parts[0]) }
            : null;
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public string HashText => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Convert.ToHexStringLower(Salt)}:{Convert.ToHexStringLower(Sha256)}");

    /// <summary>In constant time.</summary>
    public bool Is(string text) => CryptographicOperations.FixedTimeEquals(Hash(Salt, text), Sha256);

    private static byte[] Hash(byte[] salt, string text) => SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(text)]);

    private static bool IsHex(string text) => text.All(char.IsAsciiHexDigit);
}
