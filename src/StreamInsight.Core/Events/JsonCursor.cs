using System.Runtime.InteropServices;

namespace StreamInsight.Events;

/// <summary>Steps through the members of an object, or the elements of an array, whose whole text <see cref="JsonScan"/> has accepted.</summary>
internal ref struct JsonCursor
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly bool _isObject;
    private int _at;

    /// <param name="text">From the opening brace or bracket to at least the closing one.</param>
    public JsonCursor(ReadOnlySpan<byte> text)
    {
        _text = text;
        _isObject = text[0] == '{';
        _at = 1;
    }

    /// <summary>The current member; an element has no key.</summary>
    public JsonMember Member;

    public readonly Range Value => Member.Start..Member.End;

    public readonly JsonKind Kind => Member.Kind;

    public bool MoveNext()
    {
        ref byte text = ref MemoryMarshal.GetReference(_text);
        int end = _text.Length, at = JsonScan.Space(ref text, _at, end);
        if (_text[at] == ',')
            at = JsonScan.Space(ref text, at + 1, end);
        if (_text[at] is (byte)'}' or (byte)']')
            return false;
        if (_isObject)
        {
            int quote = JsonScan.String(ref text, at + 1, end, out Member.KeyEscaped);
            Member.KeyStart = at + 1;
            Member.KeyLength = quote - at - 1;
            at = JsonScan.Colon(ref text, quote + 1, end);
        }

        Member.Start = at;
        Member.End = _at = JsonScan.Value(ref text, at, end, int.MaxValue, out Member.Kind);
        return true;
    }

    /// <summary>Whether the current key means <paramref name="name"/>.</summary>
    public readonly bool KeyIs(ReadOnlySpan<byte> name)
    {
        var key = _text.Slice(Member.KeyStart, Member.KeyLength);
        if (!Member.KeyEscaped)
            return key.SequenceEqual(name);
        if (key.Length > name.Length * 6)
            return false;
        Span<byte> unescaped = stackalloc byte[key.Length];
        return unescaped[..JsonText.Unescape(key, unescaped)].SequenceEqual(name);
    }
}
