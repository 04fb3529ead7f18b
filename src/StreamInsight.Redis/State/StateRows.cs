using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using StreamInsight.Decisions;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Erasures;
using StreamInsight.Pipeline.Partitions;

namespace StreamInsight.Redis.State;

/// <summary>What stands in the values of <see cref="StateKeys"/>. A change here is a new <see cref="StateKeys.Layout"/>.</summary>
internal static class StateRows
{
    private const int RowOverhead = 64;

    /// <summary>The stage comes first: scripts count by it.</summary>
    public static byte[] Customer(CustomerRow customer)
    {
        var row = new RowWriter(1 + (customer.Stage?.Length ?? 0) + customer.State.Length);
        byte[] stage = Encoding.UTF8.GetBytes(customer.Stage ?? "");
        row.WriteByte(checked((byte)stage.Length));
        row.WriteRest(stage);
        row.WriteRest(customer.State.Span);
        return row.ToArray();
    }

    public static byte[] StateOf(byte[] customer) => customer[(1 + customer[0])..];

    /// <summary>Known, links, and behind these the head of the id it is linked to: that is where the script looks for it.</summary>
    public static byte[] Id(IdRow id)
    {
        var row = new RowWriter(9 + (id.LinkedTo?.Length ?? 0));
        row.WriteByte(id.IsKnown ? (byte)1 : (byte)0);
        row.WriteInt(id.Links);
        if (id.LinkedTo is { } parent)
            row.WriteHead(parent);
        return row.ToArray();
    }

    public static IdRow Id(string id, byte[] bytes)
    {
        var row = new RowReader(bytes);
        bool isKnown = row.ReadByte() == 1;
        int links = row.ReadInt();
        return new IdRow(id, row.IsAtEnd ? null : row.ReadHead(), isKnown, links);
    }

    /// <summary>Whether an erasure tells it and whose it is come first: scripts look for it.</summary>
    public static byte[] Fact(OutboxFact fact)
    {
        var row = new RowWriter(RowOverhead + fact.Customer.Length + fact.Id.Length + fact.Cause.Length + fact.Line.Length);
        row.WriteByte(fact.Cause == "erase" ? (byte)'E' : (byte)'-');
        row.WriteHead(fact.Customer);
        row.WriteText(fact.Id);
        row.WriteLong(fact.Seq);
        row.WriteLong(fact.AtMs);
        row.WriteInt((int)fact.Kind);
        row.WriteText(fact.Cause);
        row.WriteText(fact.Subject);
        row.WriteText(fact.To is null ? null : string.Join(',', fact.To));
        row.WriteLong(fact.ExpiresAtMs);
        row.WriteBytes(fact.Line.Span);
        if (fact.After is not null)
            row.WriteRest(JsonSerializer.SerializeToUtf8Bytes(fact.After, StateJson.Default.CustomerView));
        return row.ToArray();
    }

    public static OutboxFact Fact(long position, byte[] bytes)
    {
        var row = new RowReader(bytes);
        row.ReadByte();
        string customer = row.ReadHead();
        return new OutboxFact
        {
            Position = position,
            Customer = customer,
            Id = row.ReadText()!,
            Seq = row.ReadLong(),
            AtMs = row.ReadLong(),
            Kind = (FactKind)row.ReadInt(),
            Cause = row.ReadText()!,
            Subject = row.ReadText(),
            To = row.ReadText()?.Split(',', StringSplitOptions.RemoveEmptyEntries),
            ExpiresAtMs = row.ReadLong(),
            Line = row.ReadBytes(),
            After = row.IsAtEnd ? null : JsonSerializer.Deserialize(row.ReadRest(), StateJson.Default.CustomerView),
        };
    }

    public static byte[] DeadLetter(DeadLetter letter)
    {
        var row = new RowWriter(RowOverhead + letter.Record.Length);
        row.WriteText(letter.Position.Source);
        row.WriteLong(letter.Position.Offset);
        row.WriteInt(letter.Position.Index);
        row.WriteInt((int)letter.Reason);
        row.WriteLong(letter.RecordTimeMs);
        row.WriteRest(letter.Record.Span);
        return row.ToArray();
    }

    public static DeadLetter DeadLetter(long number, byte[] bytes)
    {
        var row = new RowReader(bytes);
        var position = new SourcePosition(row.ReadText()!, row.ReadLong(), row.ReadInt());
        return new DeadLetter(number, position, (Refusal)row.ReadInt(), row.ReadLong(), row.ReadRest());
    }

    public static byte[] Handover(Handover message)
    {
        var row = new RowWriter(4 + message.Body.Length);
        row.WriteInt(message.To);
        row.WriteRest(message.Body.Span);
        return row.ToArray();
    }

    public static Handover Handover(long number, byte[] bytes)
    {
        var row = new RowReader(bytes);
        return new Handover(number, row.ReadInt(), row.ReadRest());
    }

    /// <summary>Whose it is comes first: scripts look for it.</summary>
    public static byte[] Decision(DecisionRecord decision)
    {
        var row = new RowWriter(4 + decision.Customer.Length + decision.Json.Length);
        row.WriteHead(decision.Customer);
        row.WriteRest(decision.Json);
        return row.ToArray();
    }

    public static byte[] JsonOfDecision(byte[] bytes)
    {
        var row = new RowReader(bytes);
        row.ReadHead();
        return row.ReadRest();
    }

    public static byte[] Quarantined(QuarantinedCustomer customer)
    {
        var row = new RowWriter(4 + customer.Reason.Length + customer.State.Length);
        row.WriteText(customer.Reason);
        row.WriteRest(customer.State.Span);
        return row.ToArray();
    }

    public static QuarantinedCustomer Quarantined(string id, byte[] bytes)
    {
        var row = new RowReader(bytes);
        return new QuarantinedCustomer(id, row.ReadText()!, row.ReadRest());
    }

    public static byte[] Erasure(Erasure erasure) => JsonSerializer.SerializeToUtf8Bytes(erasure, StateJson.Default.Erasure);

    public static Erasure Erasure(byte[] bytes) => JsonSerializer.Deserialize(bytes, StateJson.Default.Erasure)!;

    public static byte[] Digest(UInt128 digest)
    {
        byte[] bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, digest);
        return bytes;
    }

    public static UInt128 Digest(byte[] bytes) => BinaryPrimitives.ReadUInt128BigEndian(bytes);
}
