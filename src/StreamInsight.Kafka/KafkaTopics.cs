using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using StreamInsight.Pipeline;

namespace StreamInsight.Kafka;

/// <summary>The topics that several nodes share, and what must be true of them before a node starts.</summary>
public static class KafkaTopics
{
    /// <summary>
    /// Checks the events topic, the handover topic (created when it is missing and <see cref="KafkaOptions.CreatesHandoverTopic"/>) and the group. Returns how many partitions of
    /// customers there are. Throws <see cref="DependencyUnavailableException"/> with one line that says what to do.
    /// </summary>
    public static async Task<int> PrepareAsync(KafkaOptions options, CancellationToken cancel)
    {
        await KafkaConnection.CheckAsync(options, [options.EventsTopic], cancel).ConfigureAwait(false);
        using IAdminClient admin = KafkaConnection.Build(options, _ => { });
        var events = await FindAsync(admin, options, options.EventsTopic, cancel).ConfigureAwait(false)
            ?? throw new DependencyUnavailableException($"Kafka at {options.Servers} has no topic {options.EventsTopic} any more.");
        int partitions = events.Partitions.Count;
        var handover = await FindAsync(admin, options, options.HandoverTopic, cancel).ConfigureAwait(false)
            ?? await CreateAsync(admin, options, events, cancel).ConfigureAwait(false);
        if (handover.Partitions.Count != partitions)
            throw new DependencyUnavailableException(
                $"Kafka's topic {options.HandoverTopic} has {handover.Partitions.Count} partitions, {options.EventsTopic} has {partitions}: they must be equal, and stay so for the life of the state. "
                + $"Delete {options.HandoverTopic} if no node has run yet, and it is created anew.");
        await RefuseCompactedAsync(admin, options).ConfigureAwait(false);
        await GroupMembers.RefuseForeignAsync(admin, options).ConfigureAwait(false);
        return partitions;
    }

    /// <summary>Null = there is none. Asks for all topics: asking for one by name makes many brokers create it.</summary>
    private static Task<TopicMetadata?> FindAsync(IAdminClient admin, KafkaOptions options, string topic, CancellationToken cancel) => Task.Run(
        () =>
        {
            try
            {
                return admin.GetMetadata(options.ConnectTimeout).Topics.Find(t => t.Topic == topic && t.Partitions.Count > 0);
            }
            catch (KafkaException e)
            {
                throw new DependencyUnavailableException($"Kafka at {options.Servers} does not tell its topics: {e.Error.Reason}.", e);
            }
        },
        cancel);

    private static async Task<TopicMetadata> CreateAsync(IAdminClient admin, KafkaOptions options, TopicMetadata events, CancellationToken cancel)
    {
        string command = $"kafka-topics.sh --create --topic {options.HandoverTopic} --partitions {events.Partitions.Count} --config cleanup.policy=delete --config retention.ms={RetentionMs(options)}";
        if (!options.CreatesHandoverTopic)
            throw new DependencyUnavailableException($"Kafka at {options.Servers} has no topic {options.HandoverTopic}: create it with '{command}'.");
        try
        {
            await admin.CreateTopicsAsync(
            [
                new TopicSpecification
                {
                    Name = options.HandoverTopic,
                    NumPartitions = events.Partitions.Count,
                    ReplicationFactor = (short)events.Partitions.Min(p => p.Replicas.Length),
                    Configs = new Dictionary<string, string> { ["cleanup.policy"] = "delete", ["retention.ms"] = RetentionMs(options) },
                },
            ],
            new CreateTopicsOptions { RequestTimeout = options.ConnectTimeout }).ConfigureAwait(false);
            options.Warn?.Invoke($"topic {options.HandoverTopic} created with {events.Partitions.Count} partitions; it keeps messages for {options.HandoverRetention.TotalDays:0.#} days: no partition may stand still for longer");
        }
        catch (CreateTopicsException e) when (e.Results.TrueForAll(result => result.Error.Code is ErrorCode.TopicAlreadyExists or ErrorCode.NoError))
        {
            // Another node was faster.
        }
        catch (KafkaException e)
        {
            throw new DependencyUnavailableException($"Kafka's topic {options.HandoverTopic} is missing and could not be created ({e.Error.Reason}): create it with '{command}'.", e);
        }
        for (long until = Environment.TickCount64 + (long)options.ConnectTimeout.TotalMilliseconds; ; await Task.Delay(100, cancel).ConfigureAwait(false))
        {
            if (await FindAsync(admin, options, options.HandoverTopic, cancel).ConfigureAwait(false) is { } created)
                return created;
            if (Environment.TickCount64 > until)
                throw new DependencyUnavailableException($"Kafka's topic {options.HandoverTopic} was created, and is still not there after {options.ConnectTimeout.TotalSeconds:0} s: try again.");
        }
    }

    /// <summary>Compaction would throw away messages that no node has read.</summary>
    private static async Task RefuseCompactedAsync(IAdminClient admin, KafkaOptions options)
    {
        List<DescribeConfigsResult> found;
        try
        {
            found = await admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = options.HandoverTopic }],
                new DescribeConfigsOptions { RequestTimeout = GroupMembers.AskFor }).ConfigureAwait(false);
        }
        catch (KafkaException)
        {
            return; // it may not be asked: whoever created the topic answers for it
        }
        var entries = found[0].Entries;
        if (entries.TryGetValue("cleanup.policy", out var policy) && policy.Value?.Contains("compact", StringComparison.Ordinal) == true)
            throw new DependencyUnavailableException($"Kafka's topic {options.HandoverTopic} is compacted, which loses messages: set cleanup.policy=delete on it.");
        if (entries.TryGetValue("retention.ms", out var kept) && long.TryParse(kept.Value, CultureInfo.InvariantCulture, out long keptMs) && keptMs is >= 0 and < 86_400_000)
            options.Warn?.Invoke($"topic {options.HandoverTopic} keeps messages for {TimeSpan.FromMilliseconds(keptMs).TotalHours:0.#} h only: a partition that stands still for longer loses customers' events. Set retention.ms to days");
    }

    private static string RetentionMs(KafkaOptions options) => ((long)options.HandoverRetention.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}
