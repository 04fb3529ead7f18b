using System.Text;
using System.Text.Json;
using StreamInsight.Oracle.Language;

namespace StreamInsight.Oracle.Records;

/// <summary>JSON as section 1 of the semantics sees it.</summary>
public static class Json
{
    /// <summary>The deepest nesting of arrays and objects, counted over the text, valid or not.</summary>
    public static int Depth(ReadOnlySpan<byte> text)
    {
        int depth = 0, deepest = 0;
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (quoted)
            {
                if (text[i] == '\\') i++;
                else if (text[i] == '"') quoted = false;
            }
            else if (text[i] == '"') quoted = true;
            else if (text[i] is (byte)'{' or (byte)'[') deepest = Math.Max(deepest, ++depth);
            else if (text[i] is (byte)'}' or (byte)']') depth--;
        }
        return deepest;
    }

    /// <summary>The value, or null where the bytes are no JSON: not in strict UTF-8, not by the grammar, or with half of a surrogate pair as an escape.</summary>
    public static JsonElement? Parse(byte[] text)
    {
        try
        {
            Utf8.Strict.GetCharCount(text);
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 1_000_000 });
            return HasLoneSurrogate(document.RootElement.GetRawText()) ? null : document.RootElement.Clone();
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException)
        {
            return null;
        }
    }

    private static bool HasLoneSurrogate(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\') continue;
            if (text[i + 1] != 'u') { i++; continue; }
            var unit = (char)Convert.ToInt32(text.Substring(i + 2, 4), 16);
            i += 5;
            if (char.IsLowSurrogate(unit)) return true;
            if (!char.IsHighSurrogate(unit)) continue;
            if (i + 6 >= text.Length || text[i + 1] != '\\' || text[i + 2] != 'u') return true;
            if (!char.IsLowSurrogate((char)Convert.ToInt32(text.Substring(i + 3, 4), 16))) return true;
            i += 6;
        }
        return false;
    }

    /// <summary>A member that is there and not null; of repeated keys the last.</summary>
    public static JsonElement? Get(JsonElement of, string key)
    {
        if (of.ValueKind != JsonValueKind.Object) return null;
        JsonElement? found = null;
        foreach (var member in of.EnumerateObject())
            if (member.NameEquals(key)) found = member.Value;
        return found is { ValueKind: not JsonValueKind.Null } ? found : null;
    }

    /// <summary>A member that is a string and not empty.</summary>
    public static string? Text(JsonElement of, string key) =>
        Get(of, key) is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 } text ? text : null;

    /// <summary>A string that is not empty, or an integer without fraction and exponent as its text.</summary>
    public static string? Id(JsonElement of, string key) =>
        Get(of, key) is { ValueKind: JsonValueKind.Number } number && number.GetRawText() is var text && text.All(c => char.IsAsciiDigit(c) || c == '-')
            ? text
            : Text(of, key);
}
