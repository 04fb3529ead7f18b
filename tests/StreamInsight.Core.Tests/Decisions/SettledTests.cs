using System.Buffers;
using System.Globalization;
using System.Text;
using StreamInsight.Facts;
using StreamInsight.State;
using Xunit;

namespace StreamInsight.Decisions;

/// <summary>What is settled is not judged again; a loaded state has nothing settled. So a customer that is stored and loaded after every message says what one that never is says.</summary>
public sealed class SettledTests
{
    private const string Model = """
        model: t
        version: 1
        zone: Europe/Berlin
        traits: { zone: string, agrees: bool, language: string }
        events:
          order: { name: "Order Completed", properties: { total: double } }
          call: { name: "Call Started" }
        features:
          spend: { sum: order.total, window: 3d }
          orders: { count: order, window: 12h }
          calls: { count: call, window: 6h }
          interest: { decayed: call, half_life: 4h }
        segments:
          buyer: { when: features.spend > 100.0, exit: features.spend < 40.0 }
          caller: { when: features.calls >= 2, min_stay: 1h }
        scores:
          likes:
            learn: { success: "Offer Accepted", failure: "Offer Declined", key: event.properties.action == "offer", within: 1d }
            inputs: [features.spend, features.calls, features.interest]
            prior: { rate: 0.2, weight: 3 }
          hurry: { expr: "segments.caller ? 0.9 : 0.2" }
        actions:
          offer: { channels: [voice, app], eligible: features.orders >= 1, propensity: scores.likes, value: 20.0, topic: sales }
          other: { channels: [app], eligible: "!segments.caller", propensity: scores.hurry, value: "features.spend > 60.0 ? 30.0 : 6.0" }
          bonus: { channels: [voice, email], eligible: segments.buyer, value: "features.calls > 3 ? -1.0 : 5.0", queue: desk }
          help: { channels: [voice], eligible: segments.caller, value: 7.0, propensity: "scores.likes * 2.0", class: transactional }
        arbitration: { top: 3, explore: 0.3 }
        policy:
          consent: { voice: traits.agrees, app: "true", email: "true" }
          caps: [ { channel: app, max: 2, window: 1d }, { topic: sales, max: 3, window: 2d } ]
          reject: { after: 2, within: 1d, pause: 1d }
          quiet: { from: "21:00", to: "08:00", zone: traits.zone, channels: [voice] }
        queues:
          desk: { target: 0.7, stale_after: 2h, default: { service_level: 0.8 } }
        routing:
          queue: "segments.buyer ? 'gold' : 'all'"
          score: "100.0 + 500.0 * scores.likes + (queues.desk.service_level < 0.5 ? 50.0 : 0.0)"
          reasons: { bought: segments.buyer, calls: features.calls >= 1, much: features.spend > 150.0 }
          skills: "has(traits.language) ? [traits.language] : []"
        """;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_customer_that_is_loaded_before_every_message_decides_the_same(int seed)
    {
        DecisionRun kept = Run(seed, isStored: false), stored = Run(seed, isStored: true);
        Assert.Equal(Lines(kept), Lines(stored));
        Assert.Equal(kept.Profile(), stored.Profile());
        Assert.Equal(Shared(kept), Shared(stored));
        Assert.Contains(kept.Facts, fact => fact.Kind == FactKind.ActionsChanged);
    }

    private static DecisionRun Run(int seed, bool isStored)
    {
        var random = new Random(seed);
        var run = new DecisionRun(Model) { IsStoredAtEveryStep = isStored };
        double minutes = 0;
        for (int i = 0; i < 120; i++)
        {
            minutes += random.Next(5) == 0 ? random.Next(2_000) : random.Next(60);
            string action = new[] { "offer", "other", "bonus", "help" }[random.Next(4)];
            string channel = new[] { "voice", "app", "email" }[random.Next(3)];
            string contact = $$"""{"action":"{{action}}","channel":"{{channel}}"}""";
            switch (random.Next(12))
            {
                case 0:
                    run.Identify(minutes, $$"""{"zone":"{{(random.Next(3) == 0 ? "Nowhere" : "Europe/Berlin")}}","agrees":{{(random.Next(3) > 0 ? "true" : "false")}},"language":"de"}""");
                    break;
                case 1:
                    run.Queue(minutes, string.Create(CultureInfo.InvariantCulture, $"{{\"queue\":\"desk\",\"service_level\":{random.NextDouble():F2}}}"));
                    break;
                case 2 or 3:
                    run.Track(minutes, "Call Started");
                    break;
                case 4:
                    run.Track(minutes, "Action Shown", contact);
                    break;
                case 5:
                    run.Track(minutes, "Offer Accepted", contact);
                    break;
                case 6:
                    run.Track(minutes, "Offer Declined", contact);
                    break;
                case 7:
                    run.Decide(minutes, channel, $"d{i}");
                    break;
                default:
                    run.Track(minutes, "Order Completed", string.Create(CultureInfo.InvariantCulture, $"{{\"total\":{random.Next(60)}}}"));
                    break;
            }
        }

        run.Advance(minutes + 5_000);
        return run;
    }

    private static string[] Lines(DecisionRun run) => [.. run.Facts.Select(fact =>
    {
        var line = new ArrayBufferWriter<byte>();
        FactWriter.Write(fact, line);
        return Encoding.UTF8.GetString(line.WrittenSpan);
    })];

    private static string Shared(DecisionRun run)
    {
        var writer = new StateWriter();
        run.Engine.Shared.Encode(writer);
        return Convert.ToHexString(writer.Written);
    }
}
