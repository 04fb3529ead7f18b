using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StreamInsight.Server.Demo;
using Xunit;

namespace StreamInsight.Server.Tests.Demo;

public class SimulationTests
{
    private const long Day = 86_400_000;

    [Fact]
    public void The_same_seed_writes_the_same_bytes() =>
        Assert.Equal(Digest(new SimulationOptions { Seed = 7 }), Digest(new SimulationOptions { Seed = 7 }));

    [Fact]
    public void Another_seed_is_another_town() =>
        Assert.NotEqual(Digest(new SimulationOptions { Seed = 7 }), Digest(new SimulationOptions { Seed = 8 }));

    [Fact]
    public void How_far_one_asks_ahead_at_a_time_changes_nothing()
    {
        var options = new SimulationOptions { Customers = 50 };
        var whole = Until(new Simulation(options), options.StartMs + 10 * Day);
        var pieces = new Simulation(options);
        var together = new List<string>();
        for (var at = options.StartMs; at <= options.StartMs + 10 * Day; at += 61_000)
            together.AddRange(Until(pieces, at));
        together.AddRange(Until(pieces, options.StartMs + 10 * Day));
        Assert.Equal(whole, together);
    }

    [Fact]
    public void Messages_come_in_order_of_arrival()
    {
        var simulation = new Simulation(new SimulationOptions());
        var last = 0L;
        for (var i = 0; i < 20_000; i++)
        {
            var message = simulation.Next();
            Assert.True(message.ArrivesAtMs >= last);
            last = message.ArrivesAtMs;
        }
    }

    [Fact]
    public void Every_kind_of_interaction_and_every_channel_comes_up_within_twenty_days()
    {
        var options = new SimulationOptions { Mishaps = false };
        var events = new HashSet<string>();
        var types = new HashSet<string>();
        var channels = new HashSet<string>();
        foreach (var line in Until(new Simulation(options), options.StartMs + 20 * Day))
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            types.Add(root.GetProperty("type").GetString()!);
            channels.Add(root.GetProperty("context").GetProperty("channel").GetString()!);
            if (root.TryGetProperty("event", out var name))
                events.Add(name.GetString()!);
        }
        Assert.Superset(new HashSet<string> { "track", "page", "screen", "identify", "alias" }, types);
        Assert.Equal(new HashSet<string> { "web", "app", "voice", "email", "chat", "store" }, channels);
        Assert.Superset(
            new HashSet<string>
            {
                "Product Viewed", "Product Added", "Order Completed", "Order Cancelled", "Call Started", "Call Ended", "Survey Answered", "Complaint Filed",
                "Payment Failed", "App Login", "Email Opened", "Cancellation Requested", "Action Shown", "Offer Accepted", "Offer Declined", "Queue Updated",
            },
            events);
    }

    [Fact]
    public void Anonymous_visitors_sign_up_under_the_id_they_browsed_with()
    {
        var options = new SimulationOptions { Mishaps = false };
        var browsed = new HashSet<string>();
        var signedUp = 0;
        foreach (var line in Until(new Simulation(options), options.StartMs + 20 * Day))
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            if (!root.TryGetProperty("anonymousId", out var id))
                continue;
            if (!root.TryGetProperty("userId", out _))
                browsed.Add(id.GetString()!);
            else if (root.GetProperty("type").GetString() == "identify" && browsed.Contains(id.GetString()!))
                signedUp++;
        }
        Assert.True(signedUp >= 10, $"{signedUp} of {browsed.Count} visitors signed up");
    }

    private static List<string> Until(Simulation simulation, long untilMs)
    {
        var lines = new List<string>();
        while (simulation.TryNext(untilMs, out var message))
            lines.Add(Encoding.UTF8.GetString(message.Json.Span));
        return lines;
    }

    private static string Digest(SimulationOptions options)
    {
        var simulation = new Simulation(options);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < 5_000; i++)
            hash.AppendData(simulation.Next().Json.Span);
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
