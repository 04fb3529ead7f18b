using System.Buffers;
using System.Text;
using StreamInsight.Definitions;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.State;
using Xunit;

namespace StreamInsight.Engine;

public sealed class EngineTests
{
    private const string Model = """
        model: test
        version: 1
        lateness: 2h
        events:
          call:  { name: "Call" , properties: { reason: string, wait: double } }
          order: { name: "Order", properties: { total: double } }
        traits: { tier: string }
        features:
          calls_1h:   { count: call, window: 1h }
          waits:      { avg: call.wait, window: 2h, exact_max: 4 }
          spend:      { sum: order.total, window: 3h }
          reason:     { mode: call.reason, window: 2h, exact_max: 3 }
          reasons:    { distinct: call.reason }
          pressure:   { decayed: call, half_life: 30m }
          last_order: { last: order.timestamp }
        journey:
          initial: fresh
          stages: [fresh, buyer, quiet]
          transitions:
            - { from: fresh, to: buyer, when: event.name == "order" }
            - { from: "*", to: quiet, when: "now - features.last_order > duration('90m')", min_dwell: 10m }
            - { from: quiet, to: fresh, after: 1h }
        segments:
          busy:   { when: features.calls_1h >= 3, min_stay: 20m }
          big:    { when: features.spend >= 100.0, exit: features.spend < 50.0 }
          hot:    { when: features.pressure >= 2.0, exit: features.pressure < 0.5 }
          save:   { when: segments.busy && segments.big, for: 5m }
        triggers:
          save_them: { on: entered(save), to: [redis], with: [features.spend, features.reason] }
        """;

    private static readonly CompiledModel Compiled = ModelCheck.All(Model).Model!;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_customer_stored_and_loaded_at_every_step_gives_the_same_facts_and_profile(int seed)
    {
        var kept = new Run();
        var stored = new Run();
        var writer = new StateWriter();
        foreach (string line in Log(seed, 400))
        {
            kept.Apply(line);
            stored.Apply(line);
            writer.Clear();
            StateCodec.Encode(stored.Customer!, Compiled, writer);
            stored.Customer = StateCodec.Decode(writer.Written, Compiled);
        }

        Assert.NotEmpty(kept.Facts);
        Assert.Equal(kept.FactLines(), stored.FactLines());
        Assert.Equal(kept.Profile(), stored.Profile());
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void A_look_too_early_has_no_effect(int seed)
    {
        var run = new Run();
        var looked = new Run();
        var random = new Random(seed);
        foreach (string line in Log(seed, 400))
        {
            run.Apply(line);
            looked.Apply(line);

            // Every state is judged anew at an instant at which nothing is due.
            long freeMs = looked.Customer!.NextTimerMs == long.MaxValue ? 1_000_000 : looked.Customer.NextTimerMs - looked.Customer.ClockMs;
            looked.LookAgain(looked.Customer.ClockMs + random.NextInt64(0, Math.Min(freeMs, 60_000)));
        }

        Assert.Equal(run.FactLines(), looked.FactLines());
    }

    [Fact]
    public void A_corrupt_row_is_told_and_never_read_as_something_else()
    {
        var run = new Run();
        foreach (string line in Log(5, 50))
            run.Apply(line);
        var writer = new StateWriter();
        StateCodec.Encode(run.Customer!, Compiled, writer);
        byte[] row = writer.Written.ToArray();
        var random = new Random(5);
        for (int i = 0; i < 5_000; i++)
        {
            byte[] broken = row[..random.Next(row.Length)];
            Assert.ThrowsAny<Exception>(() => StateCodec.Decode(broken, Compiled));
        }

        row[0] = StateCodec.Version + 1;
        Assert.Contains("newer", Assert.Throws<InvalidDataException>(() => StateCodec.Decode(row, Compiled)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Entered_minus_left_is_membership_through_merges()
    {
        var engine = new CustomerEngine(Compiled);
        var facts = new List<Fact>();
        CustomerState[] customers = [.. Enumerable.Range(0, 6).Select(i =>
        {
            var run = new Run($"c{i}");
            foreach (string line in Log(100 + i, 60, $"c{i}"))
                run.Apply(line);
            facts.AddRange(run.Facts);
            return run.Customer!;
        })];
        CustomerState all = customers[0];
        foreach (CustomerState other in customers[1..])
            all = engine.Merge(other, all, all.Id, all.ClockMs, facts);
        foreach (string segment in new[] { "busy", "big", "hot", "save" })
        {
            int entered = facts.Count(fact => fact.Kind == FactKind.SegmentEntered && fact.Subject == segment);
            int left = facts.Count(fact => fact.Kind == FactKind.SegmentLeft && fact.Subject == segment);
            Assert.Equal(Compiled.SegmentsOf(all).Count(s => s.Name == segment), entered - left);
        }
    }

    /// <summary>Minutes of calls and orders, some of them late.</summary>
    private static IEnumerable<string> Log(int seed, int events, string customer = "c")
    {
        var random = new Random(seed);
        long nowMs = 1_772_366_400_000;
        for (int i = 0; i < events; i++)
        {
            nowMs += random.Next(5) == 0 ? random.Next(60, 200) * 60_000L : random.Next(1, 900_000);
            long timeMs = nowMs - (random.Next(8) == 0 ? random.Next(1, 5_400_000) : 0);
            string at = Iso(timeMs), received = Iso(nowMs);
            yield return random.Next(3) == 0
                ? $$"""{"type":"track","event":"Order","userId":"{{customer}}","messageId":"m{{i}}","timestamp":"{{at}}","receivedAt":"{{received}}","properties":{"total":{{random.Next(1, 9000) / 100.0:0.00}} } }"""
                : $$"""{"type":"track","event":"Call","userId":"{{customer}}","messageId":"m{{i}}","timestamp":"{{at}}","receivedAt":"{{received}}","properties":{"reason":"r{{random.Next(4)}}","wait":{{random.Next(100)}} } }""";
        }
    }

    private static string Iso(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");

    /// <summary>One customer under one engine.</summary>
    private sealed class Run(string id = "c")
    {
        private readonly CustomerEngine _engine = new(Compiled);
        private readonly RecordReader _reader = new(Compiled.Events);
        private readonly CustomerEvent _message = new();
        private long _line;

        public CustomerState? Customer { get; set; }

        public List<Fact> Facts { get; } = [];

        public void Apply(string line)
        {
            _reader.Begin(Encoding.UTF8.GetBytes(line), RecordSource.File);
            while (_reader.Next(_message))
            {
                CustomerState customer = Customer ?? _engine.Create(id, _message.RecordTimeMs);
                if (_engine.Apply(customer, _message, new SourcePosition(SourcePosition.File, ++_line, -1), Facts) == Refusal.None)
                    Customer = customer;
            }
        }

        /// <summary>Judges everything at an instant before the next timer, as a timer that comes early would.</summary>
        public void LookAgain(long atMs)
        {
            Customer!.Settled.ClearAll();
            Customer.NextTimerMs = Math.Min(Customer.NextTimerMs, atMs);
            long clockMs = Customer.ClockMs;
            _engine.Advance(Customer, atMs, Facts);
            Customer.ClockMs = clockMs;
        }

        public List<string> FactLines() => [.. Facts.Select(fact =>
        {
            var line = new ArrayBufferWriter<byte>();
            FactWriter.Write(fact, line);
            return Encoding.UTF8.GetString(line.WrittenSpan);
        })];

        public string Profile()
        {
            var line = new ArrayBufferWriter<byte>();
            new ProfileWriter(Compiled).Write(Customer!, line);
            return Encoding.UTF8.GetString(line.WrittenSpan);
        }
    }
}
