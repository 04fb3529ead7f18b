using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace StreamInsight.Events;

/// <summary>
/// One pass over a message: checks that it is one JSON object and notes where the members stand that mean something.
/// Of repeated keys the last counts, and null counts as absent, so a noted member is there and not null.
/// </summary>
internal sealed class MessageScan
{
    public const int MaxDepth = 64;

    private readonly JsonMember[] _fields = new JsonMember[(int)MessageField.Count];
    private readonly MemberRange[] _ranges = new MemberRange[(int)MessageField.Count];
    private uint _present;
    private int _memberCount;

    /// <summary>Members of the noted objects, nulls included, in order of the text.</summary>
    public JsonMember[] Members { get; private set; } = new JsonMember[64];

    /// <summary>Whether the field is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Has(MessageField field) => (_present & (1u << (int)field)) != 0;

    /// <summary>The kind of a field's value; <see cref="JsonKind.None"/> = absent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public JsonKind Kind(MessageField field) => Has(field) ? _fields[(int)field].Kind : JsonKind.None;

    /// <summary>Where a field stands; only if it is there.</summary>
    public ref readonly JsonMember this[MessageField field] => ref _fields[(int)field];

    /// <summary>The members of a noted object; only if the field is there and an object.</summary>
    public MemberRange RangeOf(MessageField field) => _ranges[(int)field];

    /// <summary>Nothing was read: no field is there.</summary>
    public void Forget() => _present = 0;

    /// <summary>False = not one JSON object, or deeper than <see cref="MaxDepth"/>.</summary>
    public bool Read(ReadOnlySpan<byte> message)
    {
        _present = 0;
        _memberCount = 0;
        if (!Utf8.IsValid(message))
            return false;
        ref byte text = ref MemoryMarshal.GetReference(message);
        int end = message.Length;
        int at = JsonScan.Space(ref text, 0, end);
        if (at >= end || Unsafe.Add(ref text, at) != '{')
            return false;
        at = Fields(ref text, at + 1, end);
        return at >= 0 && JsonScan.Space(ref text, at, end) == end;
    }

    /// <summary>From after the brace that opens the message to after the one that closes it.</summary>
    private int Fields(ref byte text, int at, int end)
    {
        at = JsonScan.Space(ref text, at, end);
        if (at < end && Unsafe.Add(ref text, at) == '}')
            return at + 1;
        JsonMember member = default;
        while (true)
        {
            at = Key(ref text, at, end, ref member);
            if (at < 0)
                return JsonScan.Fault;
            int field = MessageFields.Find(KeyOf(ref text, in member));
            if (member.KeyEscaped)
                field = FindEscaped(ref text, in member);
            member.Start = at;
            if (field >= (int)MessageField.Properties && at < end && Unsafe.Add(ref text, at) == '{')
            {
                member.Kind = JsonKind.Object;
                at = Noted(ref text, at + 1, end, ref _ranges[field]);
            }
            else
            {
                at = JsonScan.Value(ref text, at, end, MaxDepth - 1, out member.Kind);
            }

            if (at < 0)
                return JsonScan.Fault;
            if (field >= 0)
            {
                member.End = at;
                _fields[field] = member;
                _present = member.Kind == JsonKind.Null ? _present & ~(1u << field) : _present | (1u << field);
            }

            at = JsonScan.Space(ref text, at, end);
            if (at >= end)
                return JsonScan.Fault;
            byte next = Unsafe.Add(ref text, at++);
            if (next == '}')
                return at;
            if (next != ',')
                return JsonScan.Fault;
            at = JsonScan.Space(ref text, at, end);
        }
    }

    /// <summary>From after the brace that opens a noted object to after the one that closes it.</summary>
    private int Noted(ref byte text, int at, int end, ref MemberRange range)
    {
        int first = _memberCount;
        range = new MemberRange(first, 0);
        at = JsonScan.Space(ref text, at, end);
        if (at < end && Unsafe.Add(ref text, at) == '}')
            return at + 1;
        while (true)
        {
            ref JsonMember member = ref NextMember();
            at = Key(ref text, at, end, ref member);
            if (at < 0)
                return JsonScan.Fault;
            member.Start = at;
            at = JsonScan.Value(ref text, at, end, MaxDepth - 2, out member.Kind);
            if (at < 0)
                return JsonScan.Fault;
            member.End = at;

            at = JsonScan.Space(ref text, at, end);
            if (at >= end)
                return JsonScan.Fault;
            byte next = Unsafe.Add(ref text, at++);
            if (next == '}')
            {
                range = new MemberRange(first, _memberCount - first);
                return at;
            }

            if (next != ',')
                return JsonScan.Fault;
            at = JsonScan.Space(ref text, at, end);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Key(ref byte text, int at, int end, ref JsonMember member)
    {
        if (at >= end || Unsafe.Add(ref text, at) != '"')
            return JsonScan.Fault;
        int quote = JsonScan.String(ref text, at + 1, end, out member.KeyEscaped);
        if (quote < 0)
            return JsonScan.Fault;
        member.KeyStart = at + 1;
        member.KeyLength = quote - at - 1;
        return JsonScan.Colon(ref text, quote + 1, end);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ReadOnlySpan<byte> KeyOf(ref byte text, in JsonMember member) =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref text, member.KeyStart), member.KeyLength);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int FindEscaped(ref byte text, in JsonMember member)
    {
        // No name is longer than 17 bytes, and a byte takes at most six to write.
        if (member.KeyLength > 17 * 6)
            return -1;
        Span<byte> name = stackalloc byte[17 * 6];
        return MessageFields.Find(name[..JsonText.Unescape(KeyOf(ref text, in member), name)]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref JsonMember NextMember()
    {
        if (_memberCount == Members.Length)
            Grow();
        return ref Members[_memberCount++];
    }

    private void Grow()
    {
        var members = Members;
        Array.Resize(ref members, members.Length * 2);
        Members = members;
    }
}
