using System.Text;
using Confluent.Kafka;
using StreamInsight.Events;
using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Partitions;

namespace StreamInsight.Kafka;

/// <summary>
/// Events that a node takes by HTTP, written to <see cref="KafkaOptions.EventsTopic"/>: into the home partition of the key, with the node's clock as record time. Any thread;
/// records of one key stay in the order in which they were given.
/// </summary>
/// <param name="options">Where to.</param>
/// <param name="homes">Partitions of the topic: what <see cref="KafkaTopics.PrepareAsync"/> returned.</param>
/// <param name="clock">Null = the system's.</param>
public sealed class KafkaEventLog(KafkaOptions options, HomePartitions homes, TimeProvider? clock = null) : IAsyncDisposable
{
    /// <summary>Records that may wait for the brokers; more are refused until those are taken.</summary>
    public const int MaxWaiting = 100_000;

    private readonly SharedProducer _producer = new(options, options.EventsTopic, MaxWaiting);
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;

    /// <summary>
    /// Done when the brokers have it; tells where. Throws <see cref="DependencyUnavailableException"/> when they do not take it within
    /// <see cref="KafkaOptions.DeliveryTimeout"/>, or too many wait already: it may have arrived, and the caller sends it again with the same messageId.
    /// </summary>
    /// <param name="record">A message or a batch, as JSON (UTF-8). Copied before this returns.</param>
    /// <param name="key">The customer: the record's userId, else its anonymousId.</param>
    /// <param name="cancel">Stops the waiting; the record may still arrive.</param>
    public async Task<SourcePosition> AppendAsync(ReadOnlyMemory<byte> record, string key, CancellationToken cancel = default)
    {
        byte[] id = Encoding.UTF8.GetBytes(key);
        int partition = homes.Of(id);
        var message = new Message<byte[]?, byte[]>
        {
            Key = id,
            Value = record.ToArray(),
            Timestamp = new Timestamp(_clock.GetUtcNow().ToUnixTimeMilliseconds(), TimestampType.CreateTime),
        };
        long offset = await _producer.SendAsync([new OutgoingRecord(message, partition)], cancel).ConfigureAwait(false);
        return new SourcePosition(Partition.Name(options.EventsTopic, partition), offset, -1);
    }

    /// <summary>What still waits is refused.</summary>
    public ValueTask DisposeAsync() => _producer.DisposeAsync();
}
