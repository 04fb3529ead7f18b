using System.Text;
using StreamInsight.Oracle.Generation;

namespace StreamInsight.Fuzz;

/// <summary>
/// Makes an input from sound ones: bits flipped, bytes and runs put in, taken out, doubled and swapped; pieces of two inputs joined where both have a mark of
/// the format; words of the format, huge numbers, lone surrogates; deep nests.
/// </summary>
public sealed class Mutator(IFuzzTarget target)
{
    private static readonly byte[][] Odd = [.. ((string[])
    [
        "9223372036854775807", "-9223372036854775808", "9223372036854775808", "18446744073709551615", "1e308", "1e-400", "1e999999999", "-0", "00", "0x7fffffff", "NaN", "2147483648",
        "99999999999999999999999999999999999999999999999999999999999999999999", "0.1e-2147483649", "\\ud800", "\\udc00\\ud800", "\\u0000", "\\", "\"", "'", "\"\"\"", "\r", "\n", "\t", "\0", "\u2028", "\ufeff", "é", "😀",
        "9999-12-31T23:59:59.999Z", "0001-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "-292275055-05-16T16:47:04Z", "36525d", "9999999999999w", "null", "true",
    ]).Select(Encoding.UTF8.GetBytes), [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0x80], [0xE2, 0x82], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]];

    private static readonly (string Open, string Close)[] Nests = [("[", "]"), ("{\"a\":", "}"), ("(", ")"), ("{", "}"), ("!(", ")"), ("-", ""), ("[x,", "]"), ("- ", ""), ("a?b:", ""), ("x.map(y,", ")"), ("\n ", ""), ("&a [*a,", "]")];

    public byte[] Next(Prng random)
    {
        byte[] input = random.Pick(target.Corpus);
        for (int n = 1 + random.Below(random.Chance(20) ? 12 : 4); n > 0; n--)
            input = Once(random, input);
        return input.Length > target.MaxBytes ? input[..target.MaxBytes] : input;
    }

    private byte[] Once(Prng random, byte[] input)
    {
        (int start, int length) = Piece(random, input);
        return random.Pick<byte[]>(
            (4, () => Flip(random, input)),
            (2, () => Set(random, input)),
            (4, () => Join(input.AsSpan(0, start), random.Pick(target.Words), input.AsSpan(start))),
            (3, () => Join(input.AsSpan(0, start), random.Pick(target.Words), input.AsSpan(start + length))),
            (3, () => Join(input.AsSpan(0, start), random.Pick(Odd), input.AsSpan(start))),
            (3, () => Join(input.AsSpan(0, start), random.Pick(Odd), input.AsSpan(start + length))),
            (3, () => Join(input.AsSpan(0, start), [], input.AsSpan(start + length))),
            (2, () => Join(input.AsSpan(0, start + length), input.AsSpan(start, length), input.AsSpan(start + length))),
            (1, () => Repeat(random, input, start, length)),
            (3, () => Splice(random, input, start)),
            (1, () => Nest(random, input, start, length)),
            (1, () => input[..start]));
    }

    /// <summary>Mostly a whole token: what stands between two marks.</summary>
    private static (int Start, int Length) Piece(Prng random, byte[] input)
    {
        int start = random.Below(input.Length + 1);
        if (random.Chance(70))
            while (start > 0 && !IsMark(input[start - 1]))
                start--;
        int end = start;
        if (random.Chance(70))
            while (end < input.Length && !IsMark(input[end]))
                end++;
        else
            end = Math.Min(input.Length, start + random.Below(16));
        return (start, end - start);
    }

    private static bool IsMark(byte b) => b is (byte)'{' or (byte)'}' or (byte)'[' or (byte)']' or (byte)',' or (byte)':' or (byte)'"' or (byte)'(' or (byte)')' or (byte)' ' or (byte)'\n' or (byte)'.';

    private static byte[] Flip(Prng random, byte[] input)
    {
        if (input.Length == 0)
            return input;
        byte[] flipped = [.. input];
        flipped[random.Below(input.Length)] ^= (byte)(1 << random.Below(8));
        return flipped;
    }

    private static byte[] Set(Prng random, byte[] input)
    {
        if (input.Length == 0)
            return input;
        byte[] set = [.. input];
        set[random.Below(input.Length)] = (byte)random.Below(256);
        return set;
    }

    private byte[] Splice(Prng random, byte[] input, int start)
    {
        byte[] other = random.Pick(target.Corpus);
        (int from, _) = Piece(random, other);
        return Join(input.AsSpan(0, start), other.AsSpan(from), random.Chance(50) ? input.AsSpan(start) : []);
    }

    private byte[] Repeat(Prng random, byte[] input, int start, int length)
    {
        int times = Math.Min(random.Pick([3, 20, 70, 300, 5000]), target.MaxBytes / Math.Max(1, length));
        var repeated = new byte[times * length];
        for (int i = 0; i < times; i++)
            input.AsSpan(start, length).CopyTo(repeated.AsSpan(i * length));
        return Join(input.AsSpan(0, start), repeated, input.AsSpan(start));
    }

    private byte[] Nest(Prng random, byte[] input, int start, int length)
    {
        (string open, string close) = random.Pick(Nests);
        int depth = Math.Min(random.Pick([2, 10, 31, 33, 64, 65, 200, 1000, 20000]), target.MaxBytes / (open.Length + close.Length + 1));
        string before = string.Concat(Enumerable.Repeat(open, depth)), after = random.Chance(80) ? string.Concat(Enumerable.Repeat(close, depth)) : "";
        return Join(input.AsSpan(0, start), Encoding.UTF8.GetBytes(before), Join(input.AsSpan(start, length), Encoding.UTF8.GetBytes(after), input.AsSpan(start + length)));
    }

    private static byte[] Join(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c)
    {
        var joined = new byte[a.Length + b.Length + c.Length];
        a.CopyTo(joined);
        b.CopyTo(joined.AsSpan(a.Length));
        c.CopyTo(joined.AsSpan(a.Length + b.Length));
        return joined;
    }
}
