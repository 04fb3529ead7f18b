namespace StreamInsight.Events;

/// <summary>A member of an object: where its key (without quotes) and its value (with quotes) stand in the text.</summary>
internal struct JsonMember
{
    public int KeyStart;
    public int KeyLength;
    public int Start;
    public int End;
    public JsonKind Kind;
    public bool KeyEscaped;
}

/// <summary>A run of members in <see cref="MessageScan.Members"/>.</summary>
internal readonly record struct MemberRange(int First, int Count);
