namespace StreamInsight.Events;

/// <summary>A JSON number taken apart: ± significant digits × 10^exponent, without zeros at either end of the digits.</summary>
internal readonly ref struct DecimalParts
{
    // Far beyond any exponent that matters, far below overflow.
    private const long ExponentLimit = 1_000_000_000;

    public DecimalParts(ReadOnlySpan<byte> text)
    {
        IsNegative = text[0] == '-';
        int digits = 0, trailingZeros = 0, decimals = 0, at = IsNegative ? 1 : 0;
        bool fraction = false;
        FirstSignificant = -1;
        for (; at < text.Length && text[at] is not ((byte)'e' or (byte)'E'); at++)
        {
            if (text[at] == '.')
            {
                fraction = true;
                continue;
            }

            if (fraction)
                decimals++;
            if (FirstSignificant < 0 && text[at] == '0')
                continue;
            if (FirstSignificant < 0)
                FirstSignificant = at;
            digits++;
            trailingZeros = text[at] == '0' ? trailingZeros + 1 : 0;
        }

        Significant = digits - trailingZeros;
        Exponent = trailingZeros - decimals + StatedExponent(text[at..]);
    }

    public bool IsNegative { get; }

    /// <summary>Where the first digit other than 0 stands; -1 = the number is zero.</summary>
    public int FirstSignificant { get; }

    /// <summary>How many digits matter; 0 = the number is zero.</summary>
    public int Significant { get; }

    public long Exponent { get; }

    private static long StatedExponent(ReadOnlySpan<byte> text)
    {
        long exponent = 0;
        bool negative = false;
        foreach (byte b in text)
        {
            if (b == '-')
                negative = true;
            else if (b is >= (byte)'0' and <= (byte)'9')
                exponent = Math.Min((exponent * 10) + (b - '0'), ExponentLimit);
        }

        return negative ? -exponent : exponent;
    }
}
