using StreamInsight.Events;
using StreamInsight.Expressions;

namespace StreamInsight.Orleans.Wire;

/// <summary>
/// Decoded messages on their way to another silo. They were decoded by the pump beside the source, so the grain does not do it again; the text
/// goes along for messages that are refused, or belong to another partition. Places of events, properties and traits are those of the model: both sides must run the same one.
/// </summary>
internal static class MessageCodec
{
    public static void Write(WireWriter to, CustomerEvent message)
    {
        to.Flag(message.IsDecoded);
        to.Byte((byte)message.Refusal);
        to.Bytes(message.Message.Span);
        if (!message.IsDecoded)
            return;
        to.Signed(message.BatchIndex);
        to.Byte((byte)message.Type);
        to.Signed(message.EventIndex);
        to.Signed(message.RecordTimeMs);
        to.Signed(message.TimestampMs - message.RecordTimeMs);
        to.Bytes(message.UserId.Span);
        to.Bytes(message.AnonymousId.Span);
        to.Bytes(message.PreviousId.Span);
        to.Bytes(message.MessageId.Span);
        to.Text(message.Channel);
        Write(to, message.IsInteraction && message.EventIndex >= 0 ? message.Properties : []);
        Write(to, message.Type is MessageType.Identify or MessageType.Group ? message.Traits : []);
        ValueCodec.Write(to, message.Context);
        to.Bytes(message.Inherited.SentAt.Span);
        to.Bytes(message.Inherited.ReceivedAt.Span);
        to.Bytes(message.Inherited.Context.Span);
    }

    public static CustomerEvent Read(ref WireReader from)
    {
        var message = new CustomerEvent { IsDecoded = from.Flag(), Refusal = (Refusal)from.Byte(), Message = from.Bytes() };
        if (!message.IsDecoded)
            return message;
        message.BatchIndex = (int)from.Signed();
        message.Type = (MessageType)from.Byte();
        message.EventIndex = (int)from.Signed();
        message.RecordTimeMs = from.Signed();
        message.TimestampMs = message.RecordTimeMs + from.Signed();
        message.UserId = from.Bytes();
        message.AnonymousId = from.Bytes();
        message.PreviousId = from.Bytes();
        message.MessageId = from.Bytes();
        message.Channel = from.Text();
        message.Properties = Values(ref from);
        message.Traits = Values(ref from);
        message.Context = ValueCodec.Read(ref from);
        message.Inherited = new BatchDefaults(from.Bytes(), from.Bytes(), from.Bytes());
        return message;
    }

    /// <summary>All of them, in place: those behind the last are null, and so are they over there.</summary>
    private static void Write(WireWriter to, Value[] values)
    {
        int used = values.Length;
        while (used > 0 && values[used - 1].IsNull)
            used--;
        to.Signed(values.Length);
        to.Count(used);
        foreach (ref readonly Value value in values.AsSpan(0, used))
            ValueCodec.Write(to, value);
    }

    private static Value[] Values(ref WireReader from)
    {
        var values = new Value[from.Signed()];
        int used = from.Count();
        for (int i = 0; i < used; i++)
            values[i] = ValueCodec.Read(ref from);
        return values;
    }
}
