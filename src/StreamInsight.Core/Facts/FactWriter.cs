using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace StreamInsight.Facts;

/// <summary>A fact as one line of JSON without its end, keys in the order of the contract.</summary>
public static class FactWriter
{
    private const int IdBytes = 16;

    public static void Write(Fact fact, IBufferWriter<byte> line)
    {
        Json.WriteRaw(line, "{\"id\":\""u8);
        WriteId(fact, line);
        Json.WriteRaw(line, "\",\"customer\":"u8);
        Json.WriteString(line, fact.Customer);
        Json.WriteRaw(line, ",\"seq\":"u8);
        Json.WriteInt(line, fact.Seq);
        Json.WriteRaw(line, ",\"at\":"u8);
        Json.WriteInstant(line, fact.AtMs);
        Member(line, ",\"kind\":"u8, fact.Kind.Text());
        Member(line, ",\"model\":"u8, fact.Model);
        Member(line, ",\"cause\":"u8, fact.Cause);
        WriteOwn(fact, line);
        Json.WriteRaw(line, "}"u8);
    }

    /// <summary>The fact's id: hex of the first 16 bytes of SHA-256 over <c>customer \n born \n seq \n name@version</c>.</summary>
    public static string Id(Fact fact)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(fact, hash);
        return Convert.ToHexStringLower(hash[..IdBytes]);
    }

    private static void WriteId(Fact fact, IBufferWriter<byte> line)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Hash(fact, hash);
        Convert.TryToHexStringLower(hash[..IdBytes], line.GetSpan(IdBytes * 2), out int length);
        line.Advance(length);
    }

    private static void Hash(Fact fact, Span<byte> hash)
    {
        // Two numbers of at most 20 digits and three line ends.
        int longest = Encoding.UTF8.GetMaxByteCount(fact.Customer.Length + fact.Model.Length) + 43;
        byte[]? rented = null;
        Span<byte> text = longest <= 512 ? stackalloc byte[512] : rented = ArrayPool<byte>.Shared.Rent(longest);
        int length = Encoding.UTF8.GetBytes(fact.Customer, text);
        text[length++] = (byte)'\n';
        length += Decimal(fact.BornMs, text[length..]);
        text[length++] = (byte)'\n';
        length += Decimal(fact.Seq, text[length..]);
        text[length++] = (byte)'\n';
        length += Encoding.UTF8.GetBytes(fact.Model, text[length..]);
        SHA256.HashData(text[..length], hash);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
    }

    private static int Decimal(long number, Span<byte> text)
    {
        System.Buffers.Text.Utf8Formatter.TryFormat(number, text, out int length);
        return length;
    }

    private static void WriteOwn(Fact fact, IBufferWriter<byte> line)
    {
        switch (fact.Kind)
        {
            case FactKind.SegmentEntered or FactKind.SegmentLeft:
                Member(line, ",\"segment\":"u8, fact.Subject!);
                break;
            case FactKind.StageChanged:
                Member(line, ",\"from\":"u8, fact.From!);
                Member(line, ",\"to\":"u8, fact.To!);
                break;
            case FactKind.Trigger:
                WriteTrigger(fact, line);
                break;
            case FactKind.ActionsChanged:
                Json.WriteRaw(line, ",\"actions\":"u8);
                DecisionWriter.WriteActions(fact.Actions, line);
                break;
            case FactKind.RoutingChanged:
                Json.WriteRaw(line, ",\"routing\":"u8);
                DecisionWriter.WriteRouting(fact.Routing, line);
                break;
            case FactKind.Merged:
                Member(line, ",\"from\":"u8, fact.Subject!);
                break;
        }
    }

    private static void WriteTrigger(Fact fact, IBufferWriter<byte> line)
    {
        Member(line, ",\"trigger\":"u8, fact.Subject!);
        Json.WriteRaw(line, ",\"on\":"u8);
        Json.WriteInt(line, fact.On);
        Json.WriteRaw(line, ",\"with\":{"u8);
        for (int i = 0; i < fact.With.Count; i++)
        {
            if (i > 0)
                Json.WriteRaw(line, ","u8);
            Json.WriteString(line, fact.With[i].Key);
            Json.WriteRaw(line, ":"u8);
            ValueWriter.Write(fact.With[i].Value, line);
        }

        Json.WriteRaw(line, "}"u8);
    }

    private static void Member(IBufferWriter<byte> line, ReadOnlySpan<byte> keyAndColon, string text)
    {
        Json.WriteRaw(line, keyAndColon);
        Json.WriteString(line, text);
    }
}
