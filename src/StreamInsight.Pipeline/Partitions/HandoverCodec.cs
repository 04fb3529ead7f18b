using StreamInsight.Events;
using StreamInsight.State;

namespace StreamInsight.Pipeline.Partitions;

/// <summary>
/// The bytes of messages between partitions: version, sender, number, kind, then the parcel. Anything that does not fit is an <see cref="InvalidDataException"/>.
/// Nodes of two releases may stand beside each other, so a version, once released, is read for ever.
/// </summary>
public static class HandoverCodec
{
    /// <summary>In place of a number: the message comes from no partition, and does no harm when it comes twice.</summary>
    public const long Unnumbered = 0;

    private const byte Version = 1;

    private const byte EventKind = 1, ClaimKind = 2, GrantKind = 3, RefusalKind = 4, ForgetKind = 5;

    public static byte[] Encode(int from, long number, Parcel parcel)
    {
        var writer = new StateWriter();
        writer.WriteByte(Version);
        writer.WriteUnsigned((ulong)from);
        writer.WriteUnsigned((ulong)number);
        switch (parcel)
        {
            case EventParcel message:
                Begin(EventKind);
                writer.WriteText(message.Linked);
                WritePosition(writer, message.Position);
                writer.WriteSigned(message.RecordTimeMs);
                writer.WriteBytes(message.Message.Span);
                writer.WriteBytes(message.Inherited.SentAt.Span);
                writer.WriteBytes(message.Inherited.ReceivedAt.Span);
                writer.WriteBytes(message.Inherited.Context.Span);
                break;
            case MergeClaim claim:
                Begin(ClaimKind);
                writer.WriteText(claim.By);
                WritePosition(writer, claim.Position);
                writer.WriteSigned(claim.RecordTimeMs);
                writer.WriteByte(claim.IsAlias ? (byte)1 : (byte)0);
                writer.WriteUnsigned((ulong)claim.Links);
                writer.WriteSigned(claim.ClockMs);
                break;
            case MergeGrant grant:
                Begin(GrantKind);
                WritePosition(writer, grant.Position);
                writer.WriteText(grant.Ended);
                writer.WriteUnsigned((ulong)grant.Aliases.Count);
                foreach (string alias in grant.Aliases)
                    writer.WriteText(alias);
                writer.WriteBytes(grant.State.Span);
                break;
            case MergeRefusal refusal:
                Begin(RefusalKind);
                WritePosition(writer, refusal.Position);
                writer.WriteByte((byte)refusal.Reason);
                break;
            case ForgetParcel forget:
                Begin(ForgetKind);
                writer.WriteSigned(forget.AtMs);
                writer.WriteSigned(forget.UntilMs);
                break;
            default:
                throw new ArgumentException($"There is no such parcel: {parcel.GetType().Name}.", nameof(parcel));
        }
        return writer.Written.ToArray();

        void Begin(byte kind)
        {
            writer.WriteByte(kind);
            writer.WriteText(parcel.Customer);
        }
    }

    /// <summary>Who sent it, and which of the sender's messages it is.</summary>
    public static (int From, long Number) ReadHead(ReadOnlySpan<byte> body)
    {
        var reader = new StateReader(body);
        return ReadHead(ref reader);
    }

    public static Parcel Decode(ReadOnlyMemory<byte> body)
    {
        var reader = new StateReader(body.Span);
        ReadHead(ref reader);
        byte kind = reader.ReadByte();
        string customer = Text(ref reader);
        Parcel parcel = kind switch
        {
            EventKind => ReadEvent(customer, ref reader),
            ClaimKind => new MergeClaim(
                customer, Text(ref reader), ReadPosition(ref reader), reader.ReadSigned(), reader.ReadByte() != 0, reader.ReadInt(int.MaxValue), reader.ReadSigned()),
            GrantKind => new MergeGrant(customer, ReadPosition(ref reader), Text(ref reader), Texts(ref reader), reader.ReadBytes()),
            RefusalKind => new MergeRefusal(customer, ReadPosition(ref reader), (MergeRefusalReason)reader.ReadInt((int)MergeRefusalReason.Busy + 1)),
            ForgetKind => new ForgetParcel(customer, reader.ReadSigned(), reader.ReadSigned()),
            _ => throw new InvalidDataException($"Handover: kind {kind} is not known to this release."),
        };
        return reader.AtEnd ? parcel : throw new InvalidDataException("Handover: bytes are left over.");
    }

    /// <summary>Whom it is for, and which other id's messages have to arrive before it (<see cref="EventParcel.Linked"/>); empty = none.</summary>
    public static (string Customer, string Linked) ReadAddress(ReadOnlySpan<byte> body)
    {
        var reader = new StateReader(body);
        ReadHead(ref reader);
        bool isEvent = reader.ReadByte() == EventKind;
        return (Text(ref reader), isEvent ? Text(ref reader) : "");
    }

    /// <summary>A newer release wrote it: it must not be passed over.</summary>
    public static bool IsOfNewerRelease(ReadOnlySpan<byte> body) => body is [> Version and < 16, ..];

    private static EventParcel ReadEvent(string customer, ref StateReader reader)
    {
        string linked = Text(ref reader);
        return new EventParcel(customer, ReadPosition(ref reader), reader.ReadSigned(), reader.ReadBytes(), new BatchDefaults(reader.ReadBytes(), reader.ReadBytes(), reader.ReadBytes()))
        {
            Linked = linked,
        };
    }

    private static (int From, long Number) ReadHead(ref StateReader reader)
    {
        byte version = reader.ReadByte();
        if (version != Version)
            throw new InvalidDataException($"Handover: version {version} is not known to this release, which reads {Version}.");
        return (reader.ReadInt(int.MaxValue), (long)reader.ReadUnsigned());
    }

    private static void WritePosition(StateWriter writer, SourcePosition position)
    {
        writer.WriteText(position.Source);
        writer.WriteSigned(position.Offset);
        writer.WriteSigned(position.Index);
    }

    private static SourcePosition ReadPosition(ref StateReader reader) => new(Text(ref reader), reader.ReadSigned(), (int)reader.ReadSigned());

    private static string[] Texts(ref StateReader reader)
    {
        var texts = new string[reader.ReadCount()];
        for (int i = 0; i < texts.Length; i++)
            texts[i] = Text(ref reader);
        return texts;
    }

    private static string Text(ref StateReader reader) => reader.ReadText() ?? throw new InvalidDataException("Handover: a name is missing.");
}
