using System.Text;
using System.Text.RegularExpressions;

namespace StreamInsight.Definitions;

/// <summary>The checks of a model's text before it is read as YAML.</summary>
internal static partial class ModelText
{
    /// <summary>The text, or null and a fault if the bytes are too many or no UTF-8.</summary>
    public static string? Decode(ReadOnlySpan<byte> utf8, List<ModelFault> faults)
    {
        if (utf8.Length > ModelReader.MaxBytes)
        {
            faults.Add(new ModelFault(new Mark(1, 1), TooLong()));
            return null;
        }
        var good = 0;
        while (good < utf8.Length && Rune.DecodeFromUtf8(utf8[good..], out _, out var length) == System.Buffers.OperationStatus.Done)
            good += length;
        if (good == utf8.Length)
            return Encoding.UTF8.GetString(utf8);
        var before = Encoding.UTF8.GetString(utf8[..good]);
        faults.Add(new ModelFault(At(before, before.Length), "this is not UTF-8; save the file as UTF-8"));
        return null;
    }

    /// <summary>
    /// True if the text may be read as YAML; a byte order mark is taken off, and all lines end in LF or CR LF then. Adds a fault if it may not. The separators U+0085,
    /// U+2028 and U+2029 are refused: they end lines in YAML 1.1 and in no editor, so no place after them could be told.
    /// </summary>
    public static bool IsReadable(ref string text, Faults faults)
    {
        if (text.StartsWith('\uFEFF'))
            text = text[1..];
        text = LoneReturn().Replace(text, "\n");
        if (text.Length > ModelReader.MaxBytes || Encoding.UTF8.GetByteCount(text) > ModelReader.MaxBytes)
        {
            faults.Add(new Mark(1, 1), TooLong());
            return false;
        }
        for (var i = 0; i < text.Length; i++)
        {
            var pair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (pair)
                i++;
            else if (char.IsSurrogate(text[i]) || (char.IsControl(text[i]) && text[i] is not ('\n' or '\r' or '\t')) || text[i] is '\u2028' or '\u2029' or '\uFFFE' or '\uFFFF')
            {
                faults.Add(At(text, i), $"the character U+{(int)text[i]:X4} cannot stand in a model; take it out");
                return false;
            }
        }
        return true;
    }

    private static string TooLong() => $"the file has more than {ModelReader.MaxBytes} bytes; a model is smaller";

    [GeneratedRegex(@"\r(?!\n)")]
    private static partial Regex LoneReturn();

    private static Mark At(string text, int index)
    {
        var line = 1;
        var start = 0;
        for (var i = 0; i < index; i++)
            if (text[i] == '\n')
                (line, start) = (line + 1, i + 1);
        return new Mark(line, index - start + 1);
    }
}
