namespace StreamInsight;

/// <summary>The order of strings by their UTF-8 bytes, which is also their order by code point. UTF-16's own order differs once surrogates occur.</summary>
public static class Utf8Order
{
    public static int Compare(string left, string right)
    {
        int shared = Math.Min(left.Length, right.Length);
        int at = left.AsSpan(0, shared).CommonPrefixLength(right.AsSpan(0, shared));
        if (at == shared)
            return left.Length.CompareTo(right.Length);

        char a = left[at], b = right[at];
        return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : char.IsSurrogate(a) ? 1 : -1;
    }
}
