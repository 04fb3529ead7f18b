using System.Text;
using System.Text.RegularExpressions;

namespace StreamInsight.Oracle.Generation;

/// <summary>Makes sound lines strange: other values, repeated and escaped keys, blanks, broken bytes. What becomes of them is for section 1 to say.</summary>
public sealed partial class Mutations(Prng random)
{
    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-0", "5", "5.0", "-5", "7.5", "1e2", "1E+2", "90e-1", "9e18", "9223372036854775808", "1e-400", "01", "+1", ".5", "1.", "-", "NaN", "Infinity", "nul",
        "\"\"", "\" \"", "\"x\"", "\"u1\"", "\"\\u0075\\u0031\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "\"\\ude00\\ud83d\"", "\"\\ud83d\\n\"", "\"\\x\"", "\"\\u12\"", "\"tab\there\"", "\"\\\"\"", "'x'",
        "{}", "[]", "[1,2]", "{\"channel\":\"web\"}", "{\"channel\":5}", "{\"total\":1}", "[", "}", "\"a\\/b\"", "\"\u00e9\u2028\"", "\"track\"", "\"identify\"", "\"Order Completed\"",
        "\"2026-03-01T13:00:00Z\"", "\"2026-03-01T13:00:00.5+01:00\"", "\"2026-03-01T13:00:00.123456789-00:30\"", "\"2026-03-01T13:00Z\"", "\"2026-03-01 13:00:00Z\"", "\"2026-03-01T24:00:00Z\"",
        "\"\\u0032026-03-01T13:00:00Z\"", "\"2026-02-30T00:00:00Z\"", "\"2026-03-02T13:00:00.001Z\"", "1772366400000",
    ];

    private static readonly string[] Keys =
    [
        "type", "event", "userId", "anonymousId", "previousId", "messageId", "timestamp", "originalTimestamp", "sentAt", "receivedAt", "properties", "traits", "context", "channel",
        "specversion", "subject", "id", "time", "data", "total", "items", "category", "tier", "nps", "batch", "x", "",
    ];

    /// <summary>A quoted string, a number or a word, with the colon that makes it a key.</summary>
    [GeneratedRegex("""("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|\b(?:true|false|null)\b)(\s*:)?""")]
    private static partial Regex Token();

    public byte[] Mutate(byte[] line)
    {
        var text = Encoding.UTF8.GetString(line);
        for (var n = 1 + random.Below(3); n > 0; n--) text = Once(text);
        var bytes = Encoding.UTF8.GetBytes(text);
        return random.Chance(12) && bytes.Length > 0 ? Broken(bytes) : bytes;
    }

    private string Once(string text) => random.Pick<string>(
        (10, () => Replace(text, isKey: false, _ => random.Pick(Values))),
        (3, () => Replace(text, isKey: true, _ => $"\"{random.Pick(Keys)}\"")),
        (2, () => Replace(text, isKey: true, Escaped)),
        (2, () => Replace(text, isKey: false, Escaped)),
        (4, () => Insert(text, "{", $"\"{random.Pick(Keys)}\":{random.Pick(Values)},")),
        (3, () => Insert(text, "}", $",\"{random.Pick(Keys)}\":{random.Pick(Values)}", before: true)),
        (2, () => Insert(text, random.Pick(["{", ",", ":", "["]), random.Pick([" ", "\t", "\r", "  "]))),
        (1, () => text + random.Pick([" ", "\r", "\t\r", "x", ",", "{}", "\u00a0", "\ufeff"])),
        (1, () => random.Pick([" ", "\ufeff", "\t", "\u00a0"]) + text),
        (1, () => text[..random.Below(text.Length + 1)]),
        (1, () => $"{{\"batch\":[{text},{text}],\"{random.Pick(Keys)}\":{random.Pick(Values)}}}"),
        (1, () => Insert(text, "{", $"\"deep\":{Deep()},")),
        (1, () => $"{{\"sentAt\":{random.Pick(Values)},\"batch\":{random.Pick(Values)},\"batch\":[{text}]}}"));

    private string Replace(string text, bool isKey, Func<string, string> by)
    {
        var tokens = Token().Matches(text).Where(m => m.Groups[2].Success == isKey).ToList();
        if (tokens.Count == 0) return text;
        var token = random.Pick(tokens).Groups[1];
        return text[..token.Index] + by(token.Value) + text[(token.Index + token.Length)..];
    }

    private string Escaped(string token)
    {
        if (token.Length < 3 || token[0] != '"' || token[1] == '\\') return token;
        var at = 1 + random.Below(token.Length - 2);
        return token.Contains('\\') || char.IsSurrogate(token[at]) ? token : $"{token[..at]}\\u{(int)token[at]:X4}{token[(at + 1)..]}";
    }

    private string Insert(string text, string at, string what, bool before = false)
    {
        var places = Enumerable.Range(0, text.Length).Where(i => string.CompareOrdinal(text, i, at, 0, at.Length) == 0).ToList();
        if (places.Count == 0) return text;
        var place = random.Pick(places) + (before ? 0 : at.Length);
        return text[..place] + what + text[place..];
    }

    private string Deep()
    {
        var n = random.Pick([10, 61, 62, 63, 64, 65]);
        return random.Chance(50) ? new string('[', n) + new string(']', n) : string.Concat(Enumerable.Repeat("{\"a\":", n)) + "1" + new string('}', n);
    }

    private byte[] Broken(byte[] bytes)
    {
        var at = random.Below(bytes.Length);
        var other = random.Pick(new byte[] { 0x00, 0x1f, 0x22, 0x5c, 0x7f, 0x80, 0xc0, 0xc3, 0xed, 0xf5, 0xff, 0x7b, 0x7d, 0x5b, 0x5d, 0x2c });
        return random.Pick<byte[]>(
            (2, () => [.. bytes[..at], other, .. bytes[(at + 1)..]]),
            (1, () => [.. bytes[..at], other, .. bytes[at..]]),
            (1, () => [.. bytes[..at], .. bytes[(at + 1)..]]),
            (1, () => [.. bytes[..at], 0xed, 0xa0, 0x80, .. bytes[at..]]));
    }
}
