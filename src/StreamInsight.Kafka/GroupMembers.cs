using Confluent.Kafka;
using Confluent.Kafka.Admin;
using StreamInsight.Pipeline;

namespace StreamInsight.Kafka;

/// <summary>What the brokers tell of the members of our group. Brokers that do not tell (the embedded one, or without the right to describe groups) are taken at their silence.</summary>
internal static class GroupMembers
{
    /// <summary>Brokers that know an admin request answer it at once; others may say nothing.</summary>
    public static readonly TimeSpan AskFor = TimeSpan.FromSeconds(3);

    private const string Assignor = "cooperative-sticky";

    /// <summary>Throws <see cref="DependencyUnavailableException"/> when the group belongs to somebody else.</summary>
    public static async Task RefuseForeignAsync(IAdminClient admin, KafkaOptions options)
    {
        if (await DescribeAsync(admin, options).ConfigureAwait(false) is not { } group)
            return;
        string? foreign =
            group.IsSimpleConsumerGroup && group.Members.Count > 0 ? "its members use no consumer protocol"
            : group.Members.Count > 0 && group.PartitionAssignor is { Length: > 0 } assignor && assignor != Assignor ? $"its members distribute partitions by '{assignor}', not by {Assignor}"
            : group.Members.SelectMany(member => member.Assignment?.TopicPartitions ?? []).Select(p => p.Topic).FirstOrDefault(topic => topic != options.EventsTopic) is { } topic
                ? $"a member reads topic {topic}" : null;
        if (foreign is not null)
            throw new DependencyUnavailableException($"Kafka's group {options.Group} is used by another application ({foreign}): name another group in kafka.group.");
    }

    /// <summary>Warns once when there are more members than partitions and this one has none; ends when it has one.</summary>
    public static async Task WarnIfIdleAsync(KafkaOptions options, Func<bool> hasPartitions, CancellationToken stop)
    {
        // The group may wait for members that are gone, and partitions move in two rounds.
        for (int rounds = 1; ; rounds++)
        {
            await Task.Delay(options.SessionTimeout, stop).ConfigureAwait(false);
            if (hasPartitions())
                return;
            if (rounds < 3)
                continue;
            using IAdminClient admin = KafkaConnection.Build(options, _ => { });
            int partitions = admin.GetMetadata(options.EventsTopic, options.ConnectTimeout).Topics.Find(t => t.Topic == options.EventsTopic)?.Partitions.Count ?? 0;
            var group = await DescribeAsync(admin, options).ConfigureAwait(false);
            if (group is not null && group.Members.Count <= partitions)
                continue; // it is still being given out
            options.Warn?.Invoke($"{group?.Members.Count.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "more"} members of group {options.Group}, {partitions} partitions of {options.EventsTopic}: this node idles until another leaves. "
                + "The number of partitions is fixed for the life of the state: run fewer nodes");
            return;
        }
    }

    private static async Task<ConsumerGroupDescription?> DescribeAsync(IAdminClient admin, KafkaOptions options)
    {
        try
        {
            var found = await admin.DescribeConsumerGroupsAsync([options.Group], new DescribeConsumerGroupsOptions { RequestTimeout = AskFor }).ConfigureAwait(false);
            return found.ConsumerGroupDescriptions.Find(group => group.GroupId == options.Group && !group.Error.IsError);
        }
        catch (KafkaException)
        {
            return null;
        }
    }
}
