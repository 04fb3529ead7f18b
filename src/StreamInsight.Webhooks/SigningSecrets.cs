using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace StreamInsight.Webhooks;

/// <summary>The secrets of one subscriber, the current one first; each signs. Never shows them.</summary>
public sealed class SigningSecrets
{
    private const string Prefix = "whsec_";

    private readonly byte[][] _keys;

    private SigningSecrets(byte[][] keys) => _keys = keys;

    /// <summary>Shorter than the 24 bytes that Standard Webhooks asks for.</summary>
    public bool AreWeak => _keys.Any(key => key.Length < 24);

    /// <summary><c>whsec_</c> and base64, several separated by spaces while a secret is changed; null = that is not what the text is.</summary>
    public static SigningSecrets? Parse(string text)
    {
        string[] parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        byte[]?[] keys = [.. parts.Select(Key)];
        return keys.Length == 0 || keys.Contains(null) ? null : new SigningSecrets(keys!);
    }

    /// <summary>The value of <c>webhook-signature</c>: for each secret <c>v1,</c> and the base64 of HMAC-SHA256 over <c>id.timestamp.body</c>.</summary>
    public string Sign(string id, long unixSeconds, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{unixSeconds}.")), .. body];
        return string.Join(' ', _keys.Select(key => "v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed))));
    }

    public override string ToString() => "***";

    private static byte[]? Key(string text)
    {
        string base64 = text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : text;
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '='), bytes, out int length) && length > 0 ? bytes[..length] : null;
    }
}
