using System.Text;
using StreamInsight.Definitions;
using StreamInsight.Events;
using StreamInsight.Facts;
using Xunit;

namespace StreamInsight.Engine;

/// <summary>The contract of the hot path: once a customer's windows no longer grow, a message that causes no fact allocates nothing, from its bytes to its customer's timer.</summary>
public sealed class HotPathTests
{
    private static readonly CompiledModel Model = ModelCheck.All("""
        model: hot
        version: 1
        events:
          buy:  { name: "Buy", properties: { amount: double, kind: string } }
          call: { name: "Call" }
        features:
          events_5m:  { count: "*", window: 5m }
          spend:      { sum: buy.amount, window: 1h }
          average:    { avg: buy.amount, window: 1h, offset: 10m }
          dearest:    { max: buy.amount, window: 1h }
          spread:     { stddev: buy.amount }
          kinds:      { distinct: buy.kind, window: 30m }
          usual:      { mode: buy.kind, window: 30m, exact_max: 8 }
          channels:   { distinct: "*.channel", window: 1h, exact_max: 8 }
          heat:       { decayed: call, half_life: 20m }
          last_buy:   { last: buy.timestamp }
          last_kind:  { last: buy.kind }
          visits:     { sessions: "*", gap: 10m, window: 2h }
          ratio:      { expr: "spend / double(events_5m + 1)" }
        segments:
          never:      { when: "features.spend > 1e9 && features.ratio > 5.0" }
          ever:       { when: "features.events_5m >= 1 || features.heat > 0.1" }
          calm:       { when: features.heat > 1000.0 }
        """).Model!;

    [Fact]
    public void A_message_that_causes_no_fact_allocates_nothing()
    {
        const int Warm = 20_000, Measured = 2_000;
        byte[][] messages = [.. Enumerable.Range(0, Warm + Measured).Select(Message)];
        var engine = new CustomerEngine(Model);
        var reader = new RecordReader(Model.Events);
        var message = new CustomerEvent();
        var facts = new List<Fact>();
        CustomerState? customer = null;

        Apply(0, Warm);
        facts.Clear();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Apply(Warm, Warm + Measured);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Empty(facts);
        Assert.Equal(0, allocated);

        void Apply(int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                reader.Begin(messages[i], RecordSource.File);
                while (reader.Next(message))
                {
                    customer ??= engine.Create("c", message.RecordTimeMs);
                    Assert.True(engine.Apply(customer, message, new SourcePosition(SourcePosition.File, i, -1), facts) == Refusal.None);
                }
            }
        }
    }

    /// <summary>One a minute, so that every window fills and lets entries go; some are late.</summary>
    private static byte[] Message(int i)
    {
        DateTime time = DateTime.UnixEpoch.AddYears(50).AddMinutes(i - (i % 7 == 0 ? 3 : 0)).AddSeconds(i % 3);
        string @event = i % 3 == 0 ? "Call" : "Buy";
        return Encoding.UTF8.GetBytes(
            $$$"""{"type":"track","event":"{{{@event}}}","userId":"c","messageId":"m{{{i}}}","timestamp":"{{{time:yyyy-MM-ddTHH:mm:ssZ}}}","properties":{"amount":{{{i % 50}}}.5,"kind":"k{{{i % 4}}}"},"context":{"channel":"web{{{i % 3}}}"}}""");
    }
}
