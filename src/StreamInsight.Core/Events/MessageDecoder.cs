using StreamInsight.Definitions;
using StreamInsight.Expressions;

namespace StreamInsight.Events;

/// <summary>
/// Decodes one message into a <see cref="CustomerEvent"/>, or says why it cannot be used: every check of the semantics, section 1, up to <see cref="Refusal.Future"/>, in order.
/// Reusable; owned by one thread. Allocates nothing per message in steady state.
/// </summary>
public sealed class MessageDecoder
{
    /// <summary>The most bytes a message may have, its line end not counted.</summary>
    public const int MaxBytes = 32_768;

    /// <summary>How far ahead of its record time an event may be.</summary>
    public const long MaxAheadMs = 24 * 3_600_000L;

    private readonly MessageScan _scan = new();
    private readonly TextPool _texts = new();
    private readonly int[] _memberOfSlot;
    private byte[] _scratch = new byte[256];
    private int _unescapedLength;

    public MessageDecoder(EventSchema schema)
    {
        Schema = schema;
        _memberOfSlot = new int[Math.Max(schema.MaxProperties, schema.Traits.Count)];
    }

    public EventSchema Schema { get; }

    /// <summary>Whether the last message decoded is JSON that holds a batch: it was no message at all.</summary>
    internal bool WasBatch => _scan.Kind(MessageField.Batch) == JsonKind.Array;

    /// <summary>Decodes <paramref name="message"/> over whatever <paramref name="target"/> held. Ids in it point into the message.</summary>
    public void Decode(ReadOnlyMemory<byte> message, in BatchDefaults inherited, RecordSource source, CustomerEvent target)
    {
        target.Message = message;
        target.BatchIndex = -1;
        target.Type = MessageType.None;
        target.EventIndex = -1;
        target.RecordTimeMs = target.TimestampMs = 0;
        Forget(ref target.UserId);
        Forget(ref target.AnonymousId);
        Forget(ref target.PreviousId);
        Forget(ref target.MessageId);
        target.Channel = null;
        if (!target.Context.IsNull)
            target.Context = default;
        target.IsDecoded = false;
        _unescapedLength = 0;
        target.Refusal = Judge(message, in inherited, source, target);
    }

    /// <summary>Storing a reference costs more than asking whether there is one.</summary>
    private static void Forget(ref ReadOnlyMemory<byte> id)
    {
        if (!id.IsEmpty)
            id = default;
    }

    private Refusal Judge(ReadOnlyMemory<byte> message, in BatchDefaults inherited, RecordSource source, CustomerEvent target)
    {
        var text = message.Span;
        if (text.Length > MaxBytes)
        {
            _scan.Forget();
            return Refusal.TooLarge;
        }

        if (!_scan.Read(text))
        {
            _scan.Forget();
            return JsonText.IsDeeperThan(MessageScan.MaxDepth, text) ? Refusal.TooDeep : Refusal.NotJson;
        }

        bool isCloudEvent = _scan.Has(MessageField.SpecVersion);
        target.Type = isCloudEvent ? MessageType.Track : TypeOf(text);
        if (target.Type == MessageType.None)
            return Refusal.NoType;
        if (target.Type == MessageType.Track)
        {
            var name = Text(text, isCloudEvent ? MessageField.Type : MessageField.Event);
            if (name.IsEmpty)
                return Refusal.NoEventName;
            target.EventIndex = Schema.IndexOfWireName(name);
        }
        else if (target.IsInteraction)
        {
            target.EventIndex = Schema.IndexOfCall(target.Type);
        }

        ReadId(message, isCloudEvent ? MessageField.Subject : MessageField.UserId, target, ref target.UserId);
        if (!isCloudEvent)
        {
            ReadId(message, MessageField.AnonymousId, target, ref target.AnonymousId);
            ReadId(message, MessageField.PreviousId, target, ref target.PreviousId);
        }

        if (target.UserId.IsEmpty && target.AnonymousId.IsEmpty && !Schema.IsOfQueue(target))
            return Refusal.NoIdentity;
        ReadText(message, isCloudEvent ? MessageField.Id : MessageField.MessageId, target, ref target.MessageId);
        if (!TryTimes(text, isCloudEvent, in inherited, source, target))
            return Refusal.BadTimestamp;
        target.IsDecoded = true;
        if (!TryProperties(text, isCloudEvent, target))
            return Refusal.BadProperty;
        ReadContext(text, isCloudEvent, in inherited, target);
        return target.TimestampMs - target.RecordTimeMs > MaxAheadMs ? Refusal.Future : Refusal.None;
    }

    private MessageType TypeOf(ReadOnlySpan<byte> text)
    {
        var type = Text(text, MessageField.Type);
        return type.Length switch
        {
            5 => type.SequenceEqual("track"u8) ? MessageType.Track
                : type.SequenceEqual("group"u8) ? MessageType.Group
                : type.SequenceEqual("alias"u8) ? MessageType.Alias
                : MessageType.None,
            4 => type.SequenceEqual("page"u8) ? MessageType.Page : MessageType.None,
            6 => type.SequenceEqual("screen"u8) ? MessageType.Screen : MessageType.None,
            8 => type.SequenceEqual("identify"u8) ? MessageType.Identify : MessageType.None,
            _ => MessageType.None,
        };
    }

    /// <summary>What a string field means; empty = absent or no string. Valid until the next call.</summary>
    private ReadOnlySpan<byte> Text(ReadOnlySpan<byte> text, MessageField field) =>
        _scan.Has(field) ? Text(text, in _scan[field]) : default;

    private ReadOnlySpan<byte> Text(ReadOnlySpan<byte> text, in JsonMember member) => member.Kind switch
    {
        JsonKind.String => text[(member.Start + 1)..(member.End - 1)],
        JsonKind.EscapedString => Unescaped(text[(member.Start + 1)..(member.End - 1)]),
        _ => default,
    };

    private ReadOnlySpan<byte> Unescaped(ReadOnlySpan<byte> inside)
    {
        if (_scratch.Length < inside.Length)
            _scratch = new byte[inside.Length];
        return _scratch.AsSpan(0, JsonText.Unescape(inside, _scratch));
    }

    /// <summary>An id: a string, or a whole number as it is written. Absent ids are left alone.</summary>
    private void ReadId(ReadOnlyMemory<byte> message, MessageField field, CustomerEvent target, ref ReadOnlyMemory<byte> id)
    {
        if (_scan.Kind(field) == JsonKind.Integer)
            id = message.Slice(_scan[field].Start, _scan[field].End - _scan[field].Start);
        else
            ReadText(message, field, target, ref id);
    }

    /// <summary>The bytes a string field means, living as long as the event. What is absent, empty or no string is left alone.</summary>
    private void ReadText(ReadOnlyMemory<byte> message, MessageField field, CustomerEvent target, ref ReadOnlyMemory<byte> bytes)
    {
        var kind = _scan.Kind(field);
        if (kind is not (JsonKind.String or JsonKind.EscapedString))
            return;
        ref readonly JsonMember member = ref _scan[field];
        var inside = message.Slice(member.Start + 1, member.End - member.Start - 2);
        bytes = kind == JsonKind.String ? inside : Unescaped(inside.Span, message.Length, target);
    }

    private ReadOnlyMemory<byte> Unescaped(ReadOnlySpan<byte> inside, int messageLength, CustomerEvent target)
    {
        // The message is longer than all its ids together, so the buffer serves each of them.
        if (target.Unescaped.Length < messageLength)
            target.Unescaped = new byte[Math.Max(messageLength, 1024)];
        int length = JsonText.Unescape(inside, target.Unescaped.AsSpan(_unescapedLength));
        var result = target.Unescaped.AsMemory(_unescapedLength, length);
        _unescapedLength += length;
        return result;
    }

    /// <summary>Record time and event time; false = one that is there is no timestamp, or there is none for a record that must say it itself.</summary>
    private bool TryTimes(ReadOnlySpan<byte> text, bool isCloudEvent, in BatchDefaults inherited, RecordSource source, CustomerEvent target)
    {
        long original = Absent;
        if (!TryTime(text, isCloudEvent ? MessageField.Time : MessageField.Timestamp, default, out long timestamp)
            || (!isCloudEvent && !TryTime(text, MessageField.OriginalTimestamp, default, out original))
            || !TryTime(text, MessageField.SentAt, inherited.SentAt, out long sent)
            || !TryTime(text, MessageField.ReceivedAt, inherited.ReceivedAt, out long received))
            return false;

        long own = timestamp != Absent ? timestamp : original != Absent ? original : sent;
        long record = source.HasRecordTime ? source.RecordTimeMs : received != Absent ? received : own;
        if (record == Absent)
            return false;
        target.RecordTimeMs = record;
        target.TimestampMs = own != Absent ? own : record;
        return true;
    }

    private const long Absent = long.MinValue;

    private bool TryTime(ReadOnlySpan<byte> text, MessageField field, ReadOnlyMemory<byte> inherited, out long milliseconds)
    {
        milliseconds = Absent;
        if (_scan.Has(field))
            return IsoTime.TryParse(Text(text, field), out milliseconds);
        if (inherited.IsEmpty)
            return true;
        var value = inherited.Span;
        return value[0] == '"' && IsoTime.TryParse(Unescaped(value[1..^1]), out milliseconds);
    }

    private bool TryProperties(ReadOnlySpan<byte> text, bool isCloudEvent, CustomerEvent target)
    {
        switch (target.Type)
        {
            case MessageType.Track or MessageType.Page or MessageType.Screen:
                int index = target.EventIndex;
                var field = isCloudEvent ? MessageField.Data : MessageField.Properties;
                return index < 0
                    ? _scan.Kind(field) is JsonKind.None or JsonKind.Object
                    : TryDeclared(text, field, Schema.PropertiesOf(index), Schema.PropertyTypesOf(index), ref target.Properties);
            case MessageType.Identify:
                return TryDeclared(text, MessageField.Traits, Schema.IdentifyTraits, Schema.TraitTypes, ref target.Traits);
            case MessageType.Group:
                return TryDeclared(text, MessageField.Traits, Schema.GroupTraits, Schema.TraitTypes, ref target.Traits);
            default:
                return true;
        }
    }

    /// <summary>Reads the declared members of an object into their slots; false = no object, or a member of another type.</summary>
    private bool TryDeclared(ReadOnlySpan<byte> text, MessageField field, NameTable names, PropertyType[] types, ref Value[] slots)
    {
        int count = types.Length;
        if (slots.Length < count)
            slots = new Value[count];
        Array.Clear(slots, 0, count);
        var kind = _scan.Kind(field);
        if (kind != JsonKind.Object)
            return kind == JsonKind.None;
        if (names.Count == 0)
            return true;

        // Of repeated keys the last counts, so all are seen before any is judged.
        var memberOfSlot = _memberOfSlot.AsSpan(0, count);
        memberOfSlot.Fill(-1);
        var range = _scan.RangeOf(field);
        for (int i = range.First; i < range.First + range.Count; i++)
        {
            int slot = names.Find(KeyOf(text, in _scan.Members[i]));
            if (slot >= 0)
                memberOfSlot[slot] = i;
        }

        for (int slot = 0; slot < count; slot++)
        {
            int member = memberOfSlot[slot];
            if (member >= 0 && !TryValue(text, in _scan.Members[member], types[slot], out slots[slot]))
                return false;
        }

        return true;
    }

    private ReadOnlySpan<byte> KeyOf(ReadOnlySpan<byte> text, in JsonMember member)
    {
        var key = text.Slice(member.KeyStart, member.KeyLength);
        return member.KeyEscaped ? Unescaped(key) : key;
    }

    private bool TryValue(ReadOnlySpan<byte> text, in JsonMember member, PropertyType type, out Value value)
    {
        value = default;
        var kind = member.Kind;
        if (kind == JsonKind.Null)
            return true;
        bool isNumber = kind is JsonKind.Integer or JsonKind.Number, isText = kind is JsonKind.String or JsonKind.EscapedString;
        switch (type)
        {
            case PropertyType.String:
                if (isText)
                    value = Value.String(_texts.Get(Text(text, in member)));
                return isText;
            case PropertyType.Int:
                if (!isNumber || !JsonNumber.TryInt64(text[member.Start..member.End], out long whole))
                    return false;
                value = Value.Int(whole);
                return true;
            case PropertyType.Double:
                if (isNumber)
                    value = Value.Double(JsonNumber.ToDouble(text[member.Start..member.End]));
                return isNumber;
            case PropertyType.Bool:
                value = Value.Bool(kind == JsonKind.True);
                return kind is JsonKind.True or JsonKind.False;
            default:
                if (!isText || !IsoTime.TryParse(Text(text, in member), out long milliseconds))
                    return false;
                value = Value.TimestampMs(milliseconds);
                return true;
        }
    }

    private void ReadContext(ReadOnlySpan<byte> text, bool isCloudEvent, in BatchDefaults inherited, CustomerEvent target)
    {
        if (_scan.Kind(MessageField.Context) == JsonKind.Object && _scan.RangeOf(MessageField.Context).Count > 0)
        {
            var range = _scan.RangeOf(MessageField.Context);
            for (int i = range.First; i < range.First + range.Count; i++)
            {
                if (KeyOf(text, in _scan.Members[i]).SequenceEqual("channel"u8))
                    target.Channel = Channel(text, in _scan.Members[i]);
            }

            if (Schema.ReadsContext)
            {
                ref readonly JsonMember context = ref _scan[MessageField.Context];
                target.Context = ContextReader.Read(text[context.Start..context.End]);
            }
        }
        else if (!inherited.Context.IsEmpty)
        {
            InheritContext(inherited.Context.Span, target);
        }

        if (target.Channel is null && !isCloudEvent && _scan.Has(MessageField.Channel))
            target.Channel = Channel(text, in _scan[MessageField.Channel]);
    }

    private void InheritContext(ReadOnlySpan<byte> context, CustomerEvent target)
    {
        if (context[0] != '{')
            return;
        var members = new JsonCursor(context);
        while (members.MoveNext())
        {
            if (members.KeyIs("channel"u8))
                target.Channel = Channel(context, members.Member);
        }

        if (Schema.ReadsContext)
            target.Context = ContextReader.Read(context);
    }

    private string? Channel(ReadOnlySpan<byte> text, in JsonMember member)
    {
        var channel = Text(text, in member);
        return channel.IsEmpty ? null : _texts.Get(channel);
    }
}
