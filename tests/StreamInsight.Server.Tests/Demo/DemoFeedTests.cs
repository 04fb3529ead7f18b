using StreamInsight.Pipeline;
using StreamInsight.Server.Demo;

namespace StreamInsight.Server.Tests.Demo;

public class DemoFeedTests
{
    private const long Day = 86_400_000;

    private static readonly SimulationOptions Town = new() { Customers = 40 };

    [Fact]
    public async Task The_past_is_handed_in_whole_and_in_order()
    {
        var inlet = new Inlet();
        var date = new SimulatedTimeProvider(Town.StartMs);
        await Feed(inlet, date).ReadPastAsync(Town.StartMs + 5 * Day, CancellationToken.None);

        var expected = new List<SimulatedMessage>();
        var simulation = new Simulation(Town);
        while (simulation.TryNext(Town.StartMs + 5 * Day, out var message))
            expected.Add(message);
        Assert.Equal(expected.Select(message => message.ArrivesAtMs), inlet.Taken.Select(message => message.ArrivesAtMs));
        Assert.Equal(Town.StartMs + 5 * Day, date.NowMs);
    }

    [Fact]
    public async Task The_date_stands_still_until_a_slice_is_in()
    {
        var inlet = new Inlet { Gate = new TaskCompletionSource() };
        var date = new SimulatedTimeProvider(Town.StartMs);
        var past = Feed(inlet, date).ReadPastAsync(Town.StartMs + 5 * Day, CancellationToken.None);
        var reached = date.NowMs;
        Assert.False(past.IsCompleted);
        Assert.True(reached < Town.StartMs + 2 * Day);
        Assert.Equal(reached, date.NowMs);
        inlet.Gate.SetResult();
        await past;
        Assert.Equal(Town.StartMs + 5 * Day, date.NowMs);
    }

    [Fact]
    public async Task No_message_is_handed_in_before_the_date_has_reached_its_arrival()
    {
        var inlet = new Inlet();
        await Feed(inlet, new SimulatedTimeProvider(Town.StartMs)).ReadPastAsync(Town.StartMs + 5 * Day, CancellationToken.None);
        Assert.All(inlet.Sent, sent => Assert.True(sent.Message.ArrivesAtMs <= sent.DateMs));
    }

    [Fact]
    public async Task What_the_service_did_not_take_is_handed_in_again()
    {
        var inlet = new Inlet { Failures = 1 };
        var warnings = new List<string>();
        await Feed(inlet, new SimulatedTimeProvider(Town.StartMs), warnings).ReadPastAsync(Town.StartMs + Day, CancellationToken.None);
        Assert.Equal(["the disk is full"], warnings);
        Assert.Equal(inlet.Taken.OrderBy(message => message.ArrivesAtMs), inlet.Taken);
        Assert.NotEmpty(inlet.Taken);
    }

    [Fact]
    public async Task A_demo_that_goes_on_skips_what_was_handed_in_before()
    {
        var whole = new Inlet();
        await Feed(whole, new SimulatedTimeProvider(Town.StartMs)).ReadPastAsync(Town.StartMs + 5 * Day, CancellationToken.None);

        var first = new Inlet();
        var feed = Feed(first, new SimulatedTimeProvider(Town.StartMs));
        await feed.ReadPastAsync(Town.StartMs + 2 * Day, CancellationToken.None);
        var second = new Inlet();
        var next = Feed(second, new SimulatedTimeProvider(Town.StartMs + 2 * Day));
        next.Skip(feed.Sent);
        await next.ReadPastAsync(Town.StartMs + 5 * Day, CancellationToken.None);

        Assert.Equal(whole.Lines, [.. first.Lines, .. second.Lines]);
    }

    private static DemoFeed Feed(Inlet inlet, SimulatedTimeProvider date, List<string>? warnings = null) =>
        new(new Simulation(Town), date, inlet, new LatencyProbe(), new DemoPace(), new DemoFeed.Service(() => inlet.Sent.Count, line => warnings?.Add(line)));

    private sealed class Inlet : IDemoInlet
    {
        public List<(SimulatedMessage Message, long DateMs)> Sent { get; } = [];

        public IEnumerable<SimulatedMessage> Taken => Sent.Select(sent => sent.Message);

        public IEnumerable<string> Lines => Taken.Select(message => System.Text.Encoding.UTF8.GetString(message.Json.Span));

        public TaskCompletionSource? Gate { get; init; }

        public int Failures { get; set; }

        public async Task SendAsync(IReadOnlyList<SimulatedMessage> messages, long dateMs, CancellationToken cancel)
        {
            if (Failures-- > 0)
                throw new DependencyUnavailableException("the disk is full");
            if (Gate is not null)
                await Gate.Task;
            Sent.AddRange(messages.Select(message => (message, dateMs)));
        }

        public void Dispose()
        {
        }
    }
}
