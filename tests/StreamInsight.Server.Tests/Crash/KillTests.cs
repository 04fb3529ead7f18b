using System.Globalization;
using System.Text.Json;
using StreamInsight.Server.Tests.Setting;
using Xunit.Abstractions;

namespace StreamInsight.Server.Tests.Crash;

/// <summary>
/// The running service is killed again and again under load. Afterwards its facts are those that <c>replay</c> makes of its log, byte for byte and in order per
/// customer, and every acknowledged message is in that log. <c>STREAMINSIGHT_KILLS</c> sets how often; 4 by default.
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const string Model = """
        model: crash
        version: 1
        traits: { tier: string }
        events:
          order: { name: "Order Completed", properties: { total: double } }
          view: { name: "Product Viewed" }
        features:
          spend: { sum: order.total, window: 2s }
          orders: { count: order }
          views: { count: view, window: 1s }
        journey:
          initial: new
          stages: [new, looking, buyer, idle]
          transitions:
            - { from: new, to: looking, when: features.views >= 1 }
            - { from: "*", to: buyer, when: event.name == "order" }
            - { from: buyer, to: idle, after: 1500ms }
        segments:
          big: { when: "features.spend >= 120.0", exit: "features.spend < 60.0" }
          gold: { when: traits.tier == "gold" }
          patient: { when: "segments.big && journey.stage == 'buyer'", for: 300ms, min_stay: 500ms }
        triggers:
          big_in: { on: entered(big), to: [redis], with: [features.spend, features.orders] }
        """;

    [Fact]
    public async Task Facts_after_many_kills_are_those_of_a_replay_and_nothing_acknowledged_is_lost()
    {
        int kills = int.TryParse(Environment.GetEnvironmentVariable("STREAMINSIGHT_KILLS"), CultureInfo.InvariantCulture, out int given) ? given : 4;
        int seed = int.TryParse(Environment.GetEnvironmentVariable("STREAMINSIGHT_SEED"), CultureInfo.InvariantCulture, out given) ? given : Environment.TickCount & 0xffff;
        output.WriteLine($"{kills} kills, seed {seed} (STREAMINSIGHT_KILLS, STREAMINSIGHT_SEED)");
        using var folder = new TempFolder();
        string model = folder.File("m.yaml", Model), data = folder.File("data"), facts = folder.File("facts.jsonl");
        string[] run = ["run", "--model", model, "--data", data, "--http", "127.0.0.1:0", "--facts", facts];

        var load = new HttpLoad(seed);
        var moments = new Random(seed);
        for (int i = 0; i < kills; i++)
        {
            using ServiceProcess service = await ServiceProcess.StartAsync(run);
            load.Url = service.Url;
            await Task.Delay(moments.Next(50, 2500));
            load.Url = null;
            await service.KillAsync();
        }
        using (ServiceProcess service = await ServiceProcess.StartAsync(run))
        {
            load.Url = service.Url;
            await Task.Delay(500);
            await load.StopAsync();
            // All timers of the model are over after this.
            await Task.Delay(TimeSpan.FromSeconds(4));
            Assert.Equal(0, await service.TerminateAsync());
        }

        (int records, long lastMs) = LogExport.Write(data, folder.File("log.jsonl"));
        output.WriteLine($"{load.Acknowledged.Count} acknowledged, {records} in the log");
        var logged = File.ReadLines(folder.File("log.jsonl")).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("messageId").GetString()!).ToHashSet();
        Assert.Empty(load.Acknowledged.Except(logged));
        Assert.True(records > kills * 10, "there was load");

        string until = DateTimeOffset.FromUnixTimeMilliseconds(lastMs + 3_600_000).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        (int code, string said) = await ServiceProcess.RunAsync("replay", "--model", model, "--events", folder.File("log.jsonl"), "--out", folder.File("replayed"), "--until", until);
        Assert.True(code == 0, said);
        Dictionary<string, List<string>> expected = ByCustomer(File.ReadLines(folder.File("replayed/facts.jsonl")));
        Dictionary<string, List<string>> actual = ByCustomer(Once(File.ReadAllLines(facts)));
        output.WriteLine($"{expected.Values.Sum(f => f.Count)} facts of {expected.Count} customers");
        Assert.True(expected.Count > 40, "there were facts");
        foreach ((string customer, List<string> lines) in expected)
            Assert.Equal(lines, actual.GetValueOrDefault(customer) ?? []);
        Assert.Empty(actual.Keys.Except(expected.Keys));
    }

    /// <summary>A fact may be told twice around a crash: then in the same words.</summary>
    private static IEnumerable<string> Once(IEnumerable<string> lines)
    {
        var told = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in lines)
        {
            string id = line[7..39];
            if (told.TryAdd(id, line))
                yield return line;
            else
                Assert.Equal(told[id], line);
        }
    }

    private static Dictionary<string, List<string>> ByCustomer(IEnumerable<string> lines) =>
        lines.GroupBy(line => JsonDocument.Parse(line).RootElement.GetProperty("customer").GetString()!)
            .ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
}
