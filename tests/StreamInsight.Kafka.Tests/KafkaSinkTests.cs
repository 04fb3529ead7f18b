using System.Diagnostics;
using System.Text;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Pipeline;
using Xunit;
using SourcePosition = StreamInsight.Pipeline.SourcePosition;

namespace StreamInsight.Kafka;

public class KafkaSinkTests
{
    [Fact]
    public async Task Facts_arrive_keyed_by_customer_in_order_of_their_seq()
    {
        using var topic = new TestTopic();
        await using var sink = new KafkaFactSink(topic.Options);

        await sink.DeliverAsync([.. Facts(300)], default);
        await sink.DeliverAsync([.. Facts(300).Take(30)], default); // told again after a crash

        var found = topic.ReadAll("insight.facts", 330);
        Assert.Equal(Facts(300).Select(Text).Order(), found.Select(m => Encoding.UTF8.GetString(m.Message.Value)).Distinct().Order());
        foreach (var customer in found.GroupBy(m => m.Message.Key))
        {
            Assert.Single(customer.Select(m => m.Partition.Value).Distinct());
            var seqs = customer.Select(m => Encoding.UTF8.GetString(m.Message.Value)).Select(t => int.Parse(t.Split(':')[1])).ToList();
            Assert.Equal(seqs.Distinct().Order(), seqs.Distinct());
        }
    }

    [Fact]
    public async Task Dead_letters_tell_why_and_where_from()
    {
        using var topic = new TestTopic();
        await using var dead = new KafkaDeadLetters(topic.Options);
        byte[] bytes = [(byte)'{', 0xff, 0x00];

        await dead.DeliverAsync(
        [
            new DeadLetter(1, new SourcePosition("insight.events/3", 17, 2), Refusal.BadTimestamp, 1_000, bytes),
            new DeadLetter(2, new SourcePosition("log", 5, -1), Refusal.NotJson, 1_000, bytes),
        ], default);

        var found = topic.ReadAll("insight.dead", 2).OrderByDescending(m => Header(m, "source-topic") == "insight.events").ToList();
        Assert.All(found, m => Assert.Equal(bytes, m.Message.Value));
        Assert.Equal(
            ["reason=bad_timestamp", "source-topic=insight.events", "source-partition=3", "source-offset=17", "source-index=2"],
            found[0].Message.Headers.Select(h => $"{h.Key}={Encoding.UTF8.GetString(h.GetValueBytes())}"));
        Assert.Equal(
            ["reason=not_json", "source-topic=log", "source-partition=0", "source-offset=5"],
            found[1].Message.Headers.Select(h => $"{h.Key}={Encoding.UTF8.GetString(h.GetValueBytes())}"));
    }

    [Fact]
    public async Task A_broker_that_is_away_fails_the_delivery_and_the_next_try_succeeds()
    {
        using var topic = new TestTopic();
        await using var sink = new KafkaFactSink(topic.Options with { DeliveryTimeout = TimeSpan.FromSeconds(2) });
        await DeliverUntilTaken(sink, [.. Facts(10)]);

        topic.Broker.GoAway();
        await Assert.ThrowsAsync<DependencyUnavailableException>(() => sink.DeliverAsync([.. Facts(20).Skip(10)], default));
        topic.Broker.ComeBack();
        await DeliverUntilTaken(sink, [.. Facts(20).Skip(10)]);

        var found = topic.ReadAll("insight.facts", 20).Select(m => Encoding.UTF8.GetString(m.Message.Value)).Distinct();
        Assert.Equal(Facts(20).Select(Text).Order(), found.Order());
    }

    [Fact]
    public async Task Kcat_produces_what_the_source_reads_and_reads_what_the_sink_writes()
    {
        if (!File.Exists("/usr/bin/kcat"))
            return; // an independent client; ./insight setup installs it where it may
        using var topic = new TestTopic();
        await using var source = new KafkaEventSource(topic.Options);
        await using var sink = new KafkaFactSink(topic.Options);

        await KcatAsync($"-P -b {topic.Broker.Servers} -t insight.events -k u1", "{\"type\":\"track\"}\n");
        await source.StartAsync(new Dictionary<string, long>(), default);
        var record = Assert.Single(await TestTopic.TakeAsync(source, 1));
        await sink.DeliverAsync([.. Facts(3)], default);
        string facts = await KcatAsync($"-C -b {topic.Broker.Servers} -t insight.facts -e -q -f %k=%s\\n", "");

        Assert.Equal("{\"type\":\"track\"}", record.Text);
        Assert.Equal(Facts(3).Select(f => $"{f.Customer}={Text(f)}").Order(), facts.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
    }

    private static async Task DeliverUntilTaken(KafkaFactSink sink, OutboxFact[] facts)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                await sink.DeliverAsync(facts, default);
                return;
            }
            catch (DependencyUnavailableException) when (tries < 10)
            {
                // as the pipeline does: again, from the first
            }
        }
    }

    private static async Task<string> KcatAsync(string arguments, string input)
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/kcat", arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token);
        Assert.True(process.ExitCode == 0, await error);
        return output;
    }

    private static IEnumerable<OutboxFact> Facts(int count) => Enumerable.Range(0, count).Select(i => new OutboxFact
    {
        Position = i + 1,
        Id = $"id{i}",
        Customer = $"u{i % 7}",
        Seq = i / 7 + 1,
        AtMs = 1_000 + i,
        Kind = FactKind.SegmentEntered,
        Cause = "timer",
        Line = Encoding.UTF8.GetBytes($"u{i % 7}:{i / 7 + 1}"),
    });

    private static string Text(OutboxFact fact) => Encoding.UTF8.GetString(fact.Line.Span);

    private static string Header(Confluent.Kafka.ConsumeResult<string, byte[]> message, string name) =>
        Encoding.UTF8.GetString(message.Message.Headers.GetLastBytes(name));
}
