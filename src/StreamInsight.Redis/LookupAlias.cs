using System.Security.Cryptography;
using System.Text;

namespace StreamInsight.Redis;

/// <summary>
/// Values by which a customer is looked up, in the one form that both sides use: a router normalises what its caller gives in the same way. Pure; any thread.
/// </summary>
/// <param name="hashKey">Key of HMAC-SHA256; null = values stand as they are.</param>
public sealed class LookupAlias(byte[]? hashKey)
{
    /// <summary>Longer ones are no phone number and no address.</summary>
    private const int MaxLength = 320;

    internal static LookupAlias With(RedisOptions options) => new(options.LookupHashKey is { Length: > 0 } key ? Encoding.UTF8.GetBytes(key) : null);

    /// <summary>The part of the key after <c>si:a:</c>, <c>kind:value</c>; null = there is nothing to look up by.</summary>
    public string? Of(string kind, string value)
    {
        string normal = Normal(kind, value);
        if (normal.Length is 0 or > MaxLength)
            return null;
        return hashKey is null ? $"{kind}:{normal}" : $"{kind}:{Convert.ToHexStringLower(HMACSHA256.HashData(hashKey, Encoding.UTF8.GetBytes(normal)))}";
    }

    /// <summary>
    /// <c>phone</c>: the digits behind one <c>+</c>, a leading 00 left out (<c>0049 (30) 12-34</c> = <c>+49301234</c>); <c>email</c>: without space around it, in lower case;
    /// every other kind: without space around it. Empty = nothing is left.
    /// </summary>
    public static string Normal(string kind, string value) => kind switch
    {
        "phone" => Phone(value),
        "email" => value.Trim().ToLowerInvariant(),
        _ => value.Trim(),
    };

    private static string Phone(string value)
    {
        string digits = string.Concat(value.Where(char.IsAsciiDigit));
        bool isInternational = value.Contains('+');
        if (!isInternational && digits.StartsWith("00", StringComparison.Ordinal))
            digits = digits[2..];
        return digits.Length == 0 ? "" : "+" + digits;
    }
}
