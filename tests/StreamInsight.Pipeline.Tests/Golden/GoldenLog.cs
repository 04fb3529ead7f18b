using System.Globalization;
using System.Text;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Pipeline.Tests.Setting;

namespace StreamInsight.Pipeline.Tests.Golden;

/// <summary>A model with a feature of nearly every kind, and 600 messages of a dozen customers over six days. Never changed: stored files were made from it.</summary>
internal static class GoldenLog
{
    public const int Messages = 600;

    public const string Model = """
        model: golden
        version: 1
        exact_max: 6
        traits: { tier: string, age: int, vip: bool, height: double }
        events:
          view:  { name: "Product Viewed", properties: { category: string } }
          order: { name: "Order Completed", properties: { total: double, items: int } }
        features:
          views_1d:    { count: view, window: 1d }
          orders:      { count: order }
          spend_2d:    { sum: order.total, window: 2d }
          spend_prev:  { sum: order.total, window: 1d, offset: 1d }
          mean:        { avg: order.total }
          spread:      { stddev: order.total, window: 3d }
          least:       { min: order.items }
          most:        { max: order.total, window: 1d }
          first_at:    { first: order.timestamp }
          last_seen:   { last: "*.timestamp" }
          last_three:  { last_k: order.items, k: 3 }
          categories:  { distinct: view.category, window: 2d }
          favourite:   { mode: view.category }
          warmth:      { decayed: order.total, half_life: 12h }
          visits:      { sessions: view, gap: 2h, window: 3d }
          looked_then_bought: { sequence: [view, order], within: 6h }
        journey:
          initial: new
          stages: [new, looking, buyer, away]
          transitions:
            - { from: new, to: looking, when: features.views_1d >= 1 }
            - { from: "*", to: buyer, when: event.name == "order" }
            - { from: buyer, to: away, after: 20h }
        segments:
          big:    { when: "features.spend_2d >= 300.0", exit: "features.spend_2d < 150.0" }
          gold:   { when: traits.tier == "gold" }
          loyal:  { when: "segments.big && journey.stage == 'buyer'", for: 3h, min_stay: 5h }
          warm:   { when: features.warmth > 80.0 }
        triggers:
          big_in: { on: entered(big), with: [features.spend_2d, features.favourite] }
        """;

    private static readonly string[] Categories = ["shoes", "hats", "coats", "bags", "belts"];

    public static CompiledModel Compile() => Shop.Compile(Model);

    /// <summary>From one message to another, as lines of a file.</summary>
    public static IEnumerable<string> Lines(int from, int to)
    {
        uint state = 12345;
        for (int i = 0; i < to; i++)
        {
            int user = Next(12), anonymous = Next(5), kind = Next(20), value = Next(200), items = Next(9) + 1, late = Next(10);
            if (i < from)
                continue;
            long at = Shop.Noon + i * 864_000L;
            string received = Instant(at), stamp = Instant(at - (late == 0 ? 3_600_000 : 0));
            string who = kind % 4 == 0 ? $"\"anonymousId\":\"a{anonymous}\"" : $"\"userId\":\"u{user}\"";
            string body = kind switch
            {
                0 => $$"""{"type":"identify","userId":"u{{user}}","anonymousId":"a{{anonymous}}","traits":{"tier":"{{(value % 2 == 0 ? "gold" : "tin")}}","age":{{value}},"vip":{{(value % 3 == 0 ? "true" : "false")}},"height":1.5} """,
                1 when value < 30 => $$"""{"type":"alias","userId":"u{{user}}","previousId":"u{{value % 12}}" """,
                < 12 => $$"""{"type":"track","event":"Product Viewed",{{who}},"properties":{"category":"{{Categories[value % 5]}}"} """,
                _ => $$"""{"type":"track","event":"Order Completed",{{who}},"properties":{"total":{{value}}.25,"items":{{items}}} """,
            };
            yield return $$"""{{body}},"messageId":"m{{(late == 1 ? i - 1 : i)}}","timestamp":"{{stamp}}","receivedAt":"{{received}}"}""";
        }

        int Next(int below) => (int)((state = state * 1664525 + 1013904223) >> 8) % below;
    }

    /// <summary>Puts the messages through a host; gives the fact lines, refusals among them.</summary>
    public static List<string> Apply(LocalCustomerHost host, int from, int to)
    {
        var reader = new RecordReader(host.Model.Events);
        var message = new CustomerEvent();
        var facts = new List<Fact>();
        var told = new List<string>();
        int line = from;
        foreach (string text in Lines(from, to))
        {
            line++;
            reader.Begin(Encoding.UTF8.GetBytes(text), RecordSource.File);
            while (reader.Next(message))
            {
                Refusal refusal = message.IsDecoded ? host.Process(message, new SourcePosition("", line, -1), facts) : message.Refusal;
                if (refusal != Refusal.None)
                    told.Add($"{line} {refusal}");
            }
            Tell();
        }
        while (host.FireTimers(Shop.Noon + (Messages * 864_000L) + (to == Messages ? 864_000_000L : -864_000_000_000L), 1000, facts) > 0)
            Tell();
        return told;

        void Tell()
        {
            foreach (Fact fact in facts)
            {
                var output = new System.Buffers.ArrayBufferWriter<byte>();
                FactWriter.Write(fact, output);
                told.Add(Encoding.UTF8.GetString(output.WrittenSpan));
            }
            facts.Clear();
        }
    }

    private static string Instant(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
