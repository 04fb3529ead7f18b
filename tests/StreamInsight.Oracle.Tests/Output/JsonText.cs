using System.Globalization;
using System.Text;
using StreamInsight.Oracle.Language;

namespace StreamInsight.Oracle.Output;

/// <summary>Values as ECMAScript's JSON.stringify writes them; times as ISO strings, durations as CEL's string().</summary>
public static class JsonText
{
    public static string Of(object? value) => value switch
    {
        null => "null",
        bool b => b ? "true" : "false",
        long n => n.ToString(CultureInfo.InvariantCulture),
        double x => Of(x),
        string s => Of(s),
        Instant t => Of(Times.Text(t.Ms)),
        Span d => Of(Durations.Text(d.Ms)),
        List<object?> list => $"[{string.Join(',', list.Select(Of))}]",
        List<(string Name, object? Value)> map => Of(map),
        _ => throw new InvalidOperationException(value.GetType().Name),
    };

    public static string Of(IEnumerable<(string Name, object? Value)> map) => $"{{{string.Join(',', map.Select(m => $"{Of(m.Name)}:{Of(m.Value)}"))}}}";

    private static string Of(string s)
    {
        var text = new StringBuilder("\"");
        foreach (var c in s)
            text.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\b' => "\\b",
                '\f' => "\\f",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        return text.Append('"').ToString();
    }

    /// <summary>Number::toString of ECMA-262 over the shortest digits that read back as the same number.</summary>
    private static string Of(double x)
    {
        if (!double.IsFinite(x)) return "null";
        if (x == 0) return "0";
        var scientific = Math.Abs(x).ToString("E16", CultureInfo.InvariantCulture);
        for (var digitsAfter = 0; digitsAfter < 17; digitsAfter++)
        {
            scientific = Math.Abs(x).ToString($"E{digitsAfter}", CultureInfo.InvariantCulture);
            if (double.Parse(scientific, CultureInfo.InvariantCulture) == Math.Abs(x)) break;
        }
        var e = scientific.IndexOf('E');
        var digits = scientific[..e].Replace(".", "");
        int k = digits.Length, n = int.Parse(scientific[(e + 1)..], CultureInfo.InvariantCulture) + 1;
        var exponent = n - 1 < 0 ? $"-{1 - n}" : $"+{n - 1}";
        var text = n switch
        {
            > 0 and <= 21 when k <= n => digits.PadRight(n, '0'),
            > 0 and <= 21 => $"{digits[..n]}.{digits[n..]}",
            > -6 and <= 0 => $"0.{new string('0', -n)}{digits}",
            _ when k == 1 => $"{digits}e{exponent}",
            _ => $"{digits[..1]}.{digits[1..]}e{exponent}",
        };
        return x < 0 ? "-" + text : text;
    }
}
