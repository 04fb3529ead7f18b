using StreamInsight.Pipeline;

namespace StreamInsight.Kafka;

/// <summary>The topics that several nodes share, and what must be true of them before a node starts.</summary>
public static class KafkaTopics
{
    /// <summary>
    /// Checks the events topic, the handover topic (created when it is missing and <see cref="KafkaOptions.CreatesHandoverTopic"/>) and the group. Returns how many partitions of
    /// customers there are. Throws <see cref="DependencyUnavailableException"/> with one line that says what to do.
    /// </summary>
    public static Task<int> PrepareAsync(KafkaOptions options, CancellationToken cancel) => throw new NotSupportedException();
}
