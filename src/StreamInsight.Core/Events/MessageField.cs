using System.Runtime.CompilerServices;

namespace StreamInsight.Events;

/// <summary>The top-level members of a message that mean something.</summary>
internal enum MessageField
{
    Type,
    Event,
    UserId,
    AnonymousId,
    PreviousId,
    MessageId,
    Timestamp,
    OriginalTimestamp,
    SentAt,
    ReceivedAt,
    Channel,
    SpecVersion,
    Subject,
    Time,
    Id,
    Batch,

    // From here on: objects whose members are noted.
    Properties,
    Traits,
    Context,
    Data,

    Count,
}

internal static class MessageFields
{
    /// <summary>The field with this (unescaped) name, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Find(ReadOnlySpan<byte> name) => (int)(name.Length switch
    {
        2 => name.SequenceEqual("id"u8) ? MessageField.Id : None,
        4 => OfFour(name),
        5 => name.SequenceEqual("event"u8) ? MessageField.Event : name.SequenceEqual("batch"u8) ? MessageField.Batch : None,
        6 => OfSix(name),
        7 => OfSeven(name),
        9 => name.SequenceEqual("messageId"u8) ? MessageField.MessageId : name.SequenceEqual("timestamp"u8) ? MessageField.Timestamp : None,
        10 => OfTen(name),
        11 => name.SequenceEqual("anonymousId"u8) ? MessageField.AnonymousId : name.SequenceEqual("specversion"u8) ? MessageField.SpecVersion : None,
        17 => name.SequenceEqual("originalTimestamp"u8) ? MessageField.OriginalTimestamp : None,
        _ => None,
    });

    private const MessageField None = (MessageField)(-1);

    private static MessageField OfFour(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("type"u8) ? MessageField.Type
        : name.SequenceEqual("time"u8) ? MessageField.Time
        : name.SequenceEqual("data"u8) ? MessageField.Data
        : None;

    private static MessageField OfSix(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("userId"u8) ? MessageField.UserId
        : name.SequenceEqual("sentAt"u8) ? MessageField.SentAt
        : name.SequenceEqual("traits"u8) ? MessageField.Traits
        : None;

    private static MessageField OfSeven(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("context"u8) ? MessageField.Context
        : name.SequenceEqual("channel"u8) ? MessageField.Channel
        : name.SequenceEqual("subject"u8) ? MessageField.Subject
        : None;

    private static MessageField OfTen(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("properties"u8) ? MessageField.Properties
        : name.SequenceEqual("receivedAt"u8) ? MessageField.ReceivedAt
        : name.SequenceEqual("previousId"u8) ? MessageField.PreviousId
        : None;
}
