using System.Text;
using StreamInsight.Events;
using StreamInsight.Kafka;
using StreamInsight.Server.Http;

namespace StreamInsight.Server.Cluster;

/// <summary>
/// Events that a node takes by HTTP, into Kafka: each message by the key of its customer, so that it comes straight to the customer's home partition. A batch is taken apart by customer;
/// what it says for all its messages goes with each part. A batch is acknowledged when all of it is there.
/// </summary>
internal sealed class KafkaIntake(KafkaEventLog log) : IEventIntake
{
    [ThreadStatic]
    private static MessageBatch? _batch;

    public Task AppendAsync(byte[] record)
    {
        MessageBatch batch = _batch ??= new MessageBatch();
        if (batch.Read(record) != BatchKind.Batch)
            return log.AppendAsync(record, KeyOf(record));
        IGrouping<string, ReadOnlyMemory<byte>>[] customers = [.. batch.Messages.GroupBy(message => KeyOf(message.Span))];
        if (customers.Length <= 1)
            return log.AppendAsync(record, customers.Length == 0 ? "" : customers[0].Key);
        BatchDefaults defaults = batch.Defaults;
        return Task.WhenAll(customers.Select(customer => log.AppendAsync(Part(customer, defaults), customer.Key)));
    }

    private static byte[] Part(IEnumerable<ReadOnlyMemory<byte>> messages, BatchDefaults defaults)
    {
        var part = new MemoryStream();
        part.Write("{\"batch\":["u8);
        bool isFirst = true;
        foreach (ReadOnlyMemory<byte> message in messages)
        {
            if (!isFirst)
                part.WriteByte((byte)',');
            isFirst = false;
            part.Write(message.Span);
        }
        part.WriteByte((byte)']');
        Inherit("sentAt", defaults.SentAt);
        Inherit("receivedAt", defaults.ReceivedAt);
        Inherit("context", defaults.Context);
        part.WriteByte((byte)'}');
        return part.ToArray();

        void Inherit(string name, ReadOnlyMemory<byte> value)
        {
            if (value.IsEmpty)
                return;
            part.Write(Encoding.ASCII.GetBytes($",\"{name}\":"));
            part.Write(value.Span);
        }
    }

    /// <summary>The message's userId, else its anonymousId; a CloudEvent's may stand in its data. None = any partition will do, it will be refused there.</summary>
    internal static string KeyOf(ReadOnlySpan<byte> message)
    {
        string? user = null, visitor = null;
        if (message.IndexOf((byte)'{') >= 0)
            Look(message, ref user, ref visitor, depth: 0);
        return user ?? visitor ?? "";
    }

    private static void Look(ReadOnlySpan<byte> message, ref string? user, ref string? visitor, int depth)
    {
        try
        {
            var reader = new System.Text.Json.Utf8JsonReader(message, new System.Text.Json.JsonReaderOptions { MaxDepth = 256 });
            while (reader.Read())
            {
                if (reader.TokenType != System.Text.Json.JsonTokenType.PropertyName || reader.CurrentDepth > 2)
                    continue;
                bool isUser = reader.ValueTextEquals("userId"u8), isVisitor = reader.ValueTextEquals("anonymousId"u8) || reader.ValueTextEquals("anonymousid"u8);
                isUser |= reader.ValueTextEquals("userid"u8) || (reader.CurrentDepth == 1 && reader.ValueTextEquals("subject"u8));
                if (!(isUser || isVisitor) || !reader.Read() || reader.TokenType != System.Text.Json.JsonTokenType.String || reader.ValueSpan.IsEmpty)
                    continue;
                if (isUser && reader.CurrentDepth == 1)
                    user = reader.GetString();
                else if (isUser)
                    user ??= reader.GetString();
                else
                    visitor ??= reader.GetString();
            }
        }
        catch (Exception error) when (error is System.Text.Json.JsonException or InvalidOperationException)
        {
            // It will be refused where it arrives; any partition will do.
        }
    }
}
