using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Pipeline.Partitions;
using StreamInsight.Pipeline.Tests.Setting;
using StreamInsight.Pipeline.Tests.Stores;

namespace StreamInsight.Pipeline.Tests.Partitions;

/// <summary>In which runs messages set out: within a run, messages to different partitions may overtake each other.</summary>
public sealed class HandoverRunnerTests
{
    private static readonly CompiledModel Model = Shop.Compile();

    [Fact]
    public async Task A_link_sets_out_when_what_came_before_for_its_ids_has_arrived()
    {
        string visitor = Living(1), user = Living(2);
        Assert.Equal(["1", "2 3"], await RunsAsync(
            Shop.Order(visitor, 10).Replace("userId", "anonymousId"),
            $$"""{"type":"identify","userId":"{{user}}","anonymousId":"{{visitor}}"}""",
            Shop.Order(user, 10)));
        Assert.Equal(["1", "2"], await RunsAsync(
            Shop.Order(visitor, 10),
            $$"""{"type":"alias","userId":"{{user}}","previousId":"{{visitor}}"}"""));
    }

    [Fact]
    public async Task Links_of_ids_for_whom_nothing_was_sent_and_messages_that_link_nothing_go_together()
    {
        string visitor = Living(1), user = Living(2);
        Assert.Equal(["1 2 3"], await RunsAsync(
            Shop.Order(Living(1, 1), 10),
            Shop.Order(user, 10),
            $$"""{"type":"alias","userId":"{{user}}","previousId":"{{visitor}}"}"""));
    }

    [Fact]
    public void What_has_to_arrive_first_survives_the_codec()
    {
        var link = new EventParcel("u", new SourcePosition("events/0", 7, 2), Shop.Noon, new byte[] { 1, 2 }, default) { Linked = "v" };
        byte[] body = HandoverCodec.Encode(3, 9, link);
        Assert.Equal(("u", "v"), HandoverCodec.ReadAddress(body));
        Assert.Equal("v", Assert.IsType<EventParcel>(HandoverCodec.Decode(body)).Linked);
        Assert.Equal(("u", ""), HandoverCodec.ReadAddress(HandoverCodec.Encode(3, 9, new ForgetParcel("u", 1, 2))));
    }

    private static string Living(int partition, int number = 0)
    {
        var homes = new HomePartitions(3);
        return Enumerable.Range(0, 1000).Select(i => $"c{i}").Where(id => homes.Of(Encoding.UTF8.GetBytes(id)) == partition).ElementAt(number);
    }

    /// <summary>What partition 0 of 3 sends of records that come by it: the numbers of each run.</summary>
    private static async Task<string[]> RunsAsync(params string[] records)
    {
        var store = new MemoryStateStore(new MemoryStateStore.Disk());
        var host = new LocalCustomerHost(Model, store, new PartitionPlace(0, new HomePartitions(3)));
        var reader = new RecordReader(Model.Events);
        var message = new CustomerEvent();
        for (int i = 0; i < records.Length; i++)
        {
            reader.Begin(Encoding.UTF8.GetBytes(records[i]), RecordSource.At(Shop.Noon + i));
            Assert.True(reader.Next(message));
            host.Process(message, new SourcePosition("events/0", i, -1), new List<Fact>());
        }
        var checkpoint = new Checkpoint { Changes = host.TakeChanges() };
        checkpoint.Handovers.AddRange(checkpoint.Changes.Handovers);
        store.Commit(checkpoint);

        var road = new RecordedRoad(records.Length);
        var runner = new HandoverRunner(road, store, new Outbox(store, 100, 100), TimeProvider.System, NullLogger.Instance);
        using var stop = new CancellationTokenSource();
        Task running = runner.RunAsync(stop.Token);
        await road.Done.WaitAsync(TimeSpan.FromSeconds(30));
        await stop.CancelAsync();
        await running.ContinueWith(_ => { }, TaskScheduler.Default);
        return [.. road.Runs];
    }

    private sealed class RecordedRoad(int messages) : IHandoverSink
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _left = messages;

        public List<string> Runs { get; } = [];

        public Task Done => _done.Task;

        public string Name => "handover";

        public Task DeliverAsync(IReadOnlyList<Handover> messages, CancellationToken cancel)
        {
            Runs.Add(string.Join(' ', messages.Select(message => message.Number)));
            if ((_left -= messages.Count) == 0)
                _done.TrySetResult();
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
