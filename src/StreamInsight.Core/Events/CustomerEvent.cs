using StreamInsight.Expressions;

namespace StreamInsight.Events;

/// <summary>
/// One decoded message. A reusable carrier: the decoder overwrites it, the engine reads it once. Ids are UTF-8 bytes in a buffer that lives as long
/// as the batch the event belongs to.
/// </summary>
public sealed class CustomerEvent
{
    /// <summary>Why the message cannot be used; <see cref="Refusal.None"/> = it can.</summary>
    public Refusal Refusal;

    /// <summary>The message as it stands in the record.</summary>
    public ReadOnlyMemory<byte> Message;

    /// <summary>The message's place in its batch, from 0; -1 = the record is this one message.</summary>
    public int BatchIndex = -1;

    /// <summary>What the message inherits from its batch; valid only where <see cref="BatchIndex"/> is not -1.</summary>
    public BatchDefaults Inherited;

    public MessageType Type;

    /// <summary>Index into the model's declared events, or -1: undeclared, or a call that is no interaction.</summary>
    public int EventIndex = -1;

    /// <summary>Record time, UTC ms. Valid once the message passed the timestamp check.</summary>
    public long RecordTimeMs;

    /// <summary>Event time as stated, UTC ms; the engine clamps it to the customer's clock.</summary>
    public long TimestampMs;

    /// <summary>Unescaped UTF-8 bytes; empty = absent.</summary>
    public ReadOnlyMemory<byte> UserId;

    public ReadOnlyMemory<byte> AnonymousId;

    public ReadOnlyMemory<byte> PreviousId;

    /// <summary>Unescaped UTF-8 bytes of a string messageId; empty = absent.</summary>
    public ReadOnlyMemory<byte> MessageId;

    /// <summary><c>context.channel</c>, else top-level <c>channel</c>; null = absent.</summary>
    public string? Channel;

    /// <summary>Only of an interaction with an <see cref="EventIndex"/>: the declared properties of the declared event, by slot (order of declaration); null where absent. Longer than needed is fine.</summary>
    public Value[] Properties = new Value[8];

    /// <summary>Only of identify and group: the declared traits (identify: own names; group: <c>group.*</c>), by slot of the model's traits; null where absent.</summary>
    public Value[] Traits = [];

    /// <summary>The message's context as a CEL map, only if the model reads <c>event.context</c>; null otherwise.</summary>
    public Value Context;

    /// <summary>True once the message passed the timestamp check: its clock counts even if it is refused later.</summary>
    public bool IsDecoded;

    /// <summary>Holds the unescaped bytes of ids that stand escaped in the message; as long-lived as the event's content.</summary>
    internal byte[] Unescaped = [];

    /// <summary>Track, page and screen are interactions; identify, group and alias are not.</summary>
    public bool IsInteraction => Type is MessageType.Track or MessageType.Page or MessageType.Screen;

    /// <summary>The id that the message links to its <see cref="UserId"/>; empty = it links none.</summary>
    public ReadOnlyMemory<byte> LinkedId => UserId.IsEmpty ? default : Type switch
    {
        MessageType.Alias => PreviousId,
        MessageType.Identify => AnonymousId,
        _ => default,
    };
}
