using System.Globalization;

namespace StreamInsight.Expressions.Library;

/// <summary>Doubles as text, the way ECMAScript writes them, which is also how facts show them.</summary>
internal static class NumberText
{
    public static string Format(double value)
    {
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "Infinity" : "-Infinity";
        if (value == 0)
            return double.IsNegative(value) ? "-0" : "0";
        var sign = value < 0 ? "-" : "";
        var (digits, exponent) = DigitsOf(value.ToString("R", CultureInfo.InvariantCulture));
        var point = exponent + 1;
        if (point is > 0 and <= 21)
            return digits.Length <= point ? sign + digits.PadRight(point, '0') : $"{sign}{digits[..point]}.{digits[point..]}";
        if (point is > -6 and <= 0)
            return $"{sign}0.{new string('0', -point)}{digits}";
        var mantissa = digits.Length == 1 ? digits : $"{digits[..1]}.{digits[1..]}";
        return $"{sign}{mantissa}e{(exponent < 0 ? "-" : "+")}{Math.Abs(exponent).ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>As Go's ParseFloat and ECMAScript's literals agree: no blanks, no thousands; Infinity and NaN by name.</summary>
    public static bool TryParse(string text, out double value)
    {
        var unsigned = text.AsSpan().TrimStart("+-");
        if (text.Length - unsigned.Length > 1)
        {
            value = 0;
            return false;
        }
        if (unsigned.Equals("inf", StringComparison.OrdinalIgnoreCase) || unsigned.Equals("infinity", StringComparison.OrdinalIgnoreCase))
        {
            value = text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }
        if (text.Equals("nan", StringComparison.OrdinalIgnoreCase))
        {
            value = double.NaN;
            return true;
        }
        return double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value)
            && !double.IsInfinity(value);
    }

    /// <summary>Significant digits without leading or trailing zeros, and the decimal exponent of the first.</summary>
    private static (string Digits, int Exponent) DigitsOf(string shortest)
    {
        var text = shortest.TrimStart('-');
        var exponent = 0;
        var e = text.IndexOf('E');
        if (e >= 0)
        {
            exponent = int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            text = text[..e];
        }
        var dot = text.IndexOf('.');
        var whole = dot < 0 ? text : text[..dot];
        var digits = dot < 0 ? text : string.Concat(whole, text.AsSpan(dot + 1));
        exponent += whole.Length - 1;
        var leading = digits.Length - digits.TrimStart('0').Length;
        return (digits.Trim('0'), exponent - leading);
    }
}
