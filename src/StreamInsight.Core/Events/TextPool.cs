using System.Text;

namespace StreamInsight.Events;

/// <summary>
/// Turns UTF-8 into strings, remembering recent short ones so that values which repeat cost no allocation. Bounded: a new text takes the place of another.
/// </summary>
internal sealed class TextPool
{
    /// <summary>Longer texts are not remembered: they rarely repeat.</summary>
    private const int MaxBytes = 64;
    private const int Size = 2048;

    private readonly Entry[] _entries = new Entry[Size];

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return "";
        if (utf8.Length > MaxBytes)
            return Encoding.UTF8.GetString(utf8);
        ref Entry entry = ref _entries[NameTable.Hash(utf8) % Size];
        if (entry.Bytes is null || !utf8.SequenceEqual(entry.Bytes))
            entry = new Entry(utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        return entry.Text;
    }

    private readonly record struct Entry(byte[] Bytes, string Text);
}
