namespace StreamInsight.Events;

/// <summary>
/// Decodes one message into a <see cref="CustomerEvent"/>, or says why it cannot be used: every check of the semantics, section 1, up to <see cref="Refusal.Future"/>, in order.
/// Reusable; owned by one thread. Allocates nothing per message in steady state.
/// </summary>
public sealed class MessageDecoder(EventSchema schema)
{
    public EventSchema Schema { get; } = schema;

    /// <summary>Decodes <paramref name="message"/> over whatever <paramref name="target"/> held. Ids in it point into the message.</summary>
    public void Decode(ReadOnlyMemory<byte> message, in BatchDefaults inherited, RecordSource source, CustomerEvent target) => throw new NotImplementedException();
}
