using System.Globalization;
using System.Numerics;
using System.Text.Json;
using StreamInsight.Oracle.Language;

namespace StreamInsight.Oracle.Records;

/// <summary>Declared properties and traits, read by their declared types.</summary>
public static class Properties
{
    /// <summary>The declared members of <paramref name="of"/> that are there; null where one is of another type.</summary>
    public static Dictionary<string, object>? Read(JsonElement of, IEnumerable<KeyValuePair<string, string>> declared, string prefix = "")
    {
        var read = new Dictionary<string, object>();
        foreach (var (name, type) in declared)
        {
            if (Json.Get(of, name) is not { } member) continue;
            if (Value(member, type) is not { } value) return null;
            read[prefix + name] = value;
        }
        return read;
    }

    private static object? Value(JsonElement value, string type) => (type, value.ValueKind) switch
    {
        ("string", JsonValueKind.String) => value.GetString(),
        ("bool", JsonValueKind.True) => true,
        ("bool", JsonValueKind.False) => false,
        ("timestamp", JsonValueKind.String) => Times.Parse(value.GetString()!) is { } ms ? new Instant(ms) : null,
        ("double", JsonValueKind.Number) => double.Parse(value.GetRawText(), CultureInfo.InvariantCulture),
        ("int", JsonValueKind.Number) => Whole(value.GetRawText()),
        _ => null,
    };

    /// <summary>A number without a fraction in value, however it is written: 9, 9.0, 90e-1.</summary>
    private static object? Whole(string text)
    {
        var e = text.IndexOfAny(['e', 'E']);
        var exponent = e < 0 ? 0 : BigInteger.Parse(text[(e + 1)..].TrimStart('+'), CultureInfo.InvariantCulture);
        var mantissa = e < 0 ? text : text[..e];
        var point = mantissa.IndexOf('.');
        if (point >= 0) exponent -= mantissa.Length - point - 1;
        var digits = BigInteger.Parse(mantissa.Replace(".", ""), CultureInfo.InvariantCulture);
        if (digits.IsZero) return 0L;
        for (; exponent < 0; exponent++)
        {
            if (digits % 10 != 0) return null;
            digits /= 10;
        }
        if (exponent > 19) return null;
        digits *= BigInteger.Pow(10, (int)exponent);
        return digits >= long.MinValue && digits <= long.MaxValue ? (long)digits : null;
    }
}
