using StreamInsight.Pipeline;
using Xunit;

namespace StreamInsight.Kafka;

public class KafkaTopicsTests
{
    [Fact]
    public async Task The_events_topic_tells_the_number_of_partitions()
    {
        using var topic = new TestTopic(partitions: 7);

        Assert.Equal(7, await KafkaTopics.PrepareAsync(topic.Options, default));
    }

    [Fact]
    public async Task Another_number_of_partitions_of_handovers_is_refused()
    {
        using var topic = new TestTopic(partitions: 7);
        topic.Broker.CreateTopic("short", 3);

        var e = await Assert.ThrowsAsync<DependencyUnavailableException>(() => KafkaTopics.PrepareAsync(topic.Options with { HandoverTopic = "short" }, default));

        Assert.StartsWith("Kafka's topic short has 3 partitions, insight.events has 7: they must be equal", e.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_handover_topic_that_is_missing_and_cannot_be_created_comes_with_the_command_that_creates_it(bool isAllowed)
    {
        using var topic = new TestTopic(partitions: 7); // its broker cannot create topics on request
        topic.Options = topic.Options with { ConnectTimeout = TimeSpan.FromSeconds(3) };

        var e = await Assert.ThrowsAsync<DependencyUnavailableException>(() => KafkaTopics.PrepareAsync(topic.Options with { HandoverTopic = "missing", CreatesHandoverTopic = isAllowed }, default));

        Assert.Contains("kafka-topics.sh --create --topic missing --partitions 7 --config cleanup.policy=delete --config retention.ms=604800000", e.Message);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public async Task No_broker_is_one_clear_message()
    {
        var e = await Assert.ThrowsAsync<DependencyUnavailableException>(() => KafkaTopics.PrepareAsync(new KafkaOptions { Servers = "127.0.0.1:1", ConnectTimeout = TimeSpan.FromSeconds(2) }, default));

        Assert.StartsWith("Kafka at 127.0.0.1:1 cannot be reached within 2 s: ", e.Message);
    }
}
