using System.Globalization;
using System.Text;
using StreamInsight.Definitions;
using StreamInsight.Engine;
using StreamInsight.Events;
using StreamInsight.Expressions;
using StreamInsight.Facts;
using StreamInsight.State;
using Xunit;
using Xunit.Abstractions;

namespace StreamInsight.CustomerValue;

public sealed class PurchaseFeatureTests(ITestOutputHelper output)
{
    private const string Model = """
        model: value
        version: 1
        zone: Europe/Berlin
        lateness: 30d
        events:
          order: { name: "Order", properties: { total: double } }
        features:
          clv:       { clv: { purchases: order, value: order.total, horizon: 39w, parameters: { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426, p: 6.25, q: 3.74, gamma: 15.44 } } }
          simple:    { clv: { purchases: order, value: order.total, method: simple, years: 3 } }
          expected:  { clv: { purchases: order, give: expected_purchases, horizon: 39w } }
          spend:     { clv: { purchases: order, value: order.total, give: expected_spend } }
          frequency: { clv: { purchases: order, give: frequency } }
          recency:   { clv: { purchases: order, give: recency } }
          age:       { clv: { purchases: order, give: age } }
          monetary:  { clv: { purchases: order, value: order.total, give: monetary } }
          alive:     { p_alive: { purchases: order } }
          rfm:       { rfm: { purchases: order, value: order.total, cuts: { recency: [7, 14, 30, 90], frequency: [1, 2, 4, 8], monetary: [20, 50, 100, 500] } } }
          r_score:   { rfm: { purchases: order, give: recency } }
        segments:
          alive_half: { when: features.alive >= 0.5 }
          valuable:   { when: features.clv > 30.0 }
          fresh:      { when: features.rfm >= 400 }
          old:        { when: "features.age > 4.0" }
        """;

    private static readonly CompiledModel Compiled = Checked(Model);

    private static CompiledModel Checked(string model)
    {
        CheckedModel result = ModelCheck.All(model);
        Assert.True(result.IsGood, string.Join("\n", result.Faults));
        return result.Model!;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Readings_of_the_stream_are_those_of_the_batch_with_late_purchases_and_through_checkpoints(int seed)
    {
        var random = new Random(seed);
        var purchases = new List<(long AtMs, double Total)>();
        var run = new Shop(Compiled);
        long nowMs = Instant("2026-03-20T10:00:00Z");
        for (int i = 0; i < 60; i++)
        {
            nowMs += random.NextInt64(1, 12 * 86_400_000L) / (random.Next(3) == 0 ? 40 : 1);
            long atMs = nowMs - (random.Next(3) == 0 ? random.NextInt64(29 * 86_400_000L) : 0);
            double total = random.Next(100, 20_000) / 100.0;
            run.Order(atMs, nowMs, total);
            purchases.Add((atMs, total));
            Compare(run, purchases, nowMs);
            run.Reload();
            Compare(run, purchases, nowMs);
        }
    }

    /// <summary>Every reading against the definition, from all purchases at once.</summary>
    private static void Compare(Shop run, List<(long AtMs, double Total)> purchases, long nowMs)
    {
        var days = new SortedDictionary<DateOnly, double>();
        foreach ((long atMs, double total) in purchases)
            days[Day(atMs)] = days.GetValueOrDefault(Day(atMs)) + total;
        DateOnly first = days.First().Key, last = days.Last().Key;
        int x = days.Count - 1, today = Day(nowMs).DayNumber;
        var history = new BuyingHistory(x, (last.DayNumber - first.DayNumber) / 7.0, (today - first.DayNumber) / 7.0);
        double monetary = x == 0 ? 0 : days.Skip(1).Average(day => day.Value), all = days.Values.Sum();
        var (buying, spending) = (new BgNbd(0.243, 4.414, 0.793, 2.426), new GammaGamma(6.25, 3.74, 15.44));

        Assert.Equal(Value.Int(x).Bits, run.Read("frequency").Bits);
        Close(history.Recency, run.Read("recency"));
        Close(history.Age, run.Read("age"));
        if (x > 0)
            Close(monetary, run.Read("monetary"));
        else
            Assert.True(run.Read("monetary").IsNull);
        Close(buying.Alive(history), run.Read("alive"));
        Close(buying.Expected(history, 39), run.Read("expected"));
        Close(spending.Expected(x, monetary), run.Read("spend"));
        Close(buying.Expected(history, 39) * spending.Expected(x, monetary), run.Read("clv"));
        Close(days.Count / Math.Max(1, history.Age * 7 / 365) * (all / days.Count) * 3, run.Read("simple"));

        int silent = today - last.DayNumber;
        int r = silent <= 7 ? 5 : silent <= 14 ? 4 : silent <= 30 ? 3 : silent <= 90 ? 2 : 1;
        int f = days.Count > 8 ? 5 : days.Count > 4 ? 4 : days.Count > 2 ? 3 : days.Count > 1 ? 2 : 1;
        int m = all > 500 ? 5 : all > 100 ? 4 : all > 50 ? 3 : all > 20 ? 2 : 1;
        Assert.Equal((100 * r) + (10 * f) + m, run.Read("rfm").AsInt);
        Assert.Equal(r, run.Read("r_score").AsInt);

        static void Close(double expected, Value actual) => Assert.Equal(expected, actual.AsDouble, 1e-9 * Math.Max(1, Math.Abs(expected)));
    }

    [Fact]
    public void What_moves_with_time_turns_at_the_first_local_midnight_at_which_it_is_another_and_wakes_no_earlier()
    {
        foreach (string start in (string[])["2026-01-10T10:00:00Z", "2026-03-20T22:30:00Z", "2026-10-20T23:30:00Z"])
        {
            var run = new Shop(Compiled);
            long atMs = Instant(start);
            for (int i = 0; i < 4; i++, atMs += 9 * 86_400_000L)
                run.Order(atMs, atMs, 40);
            long boughtMs = atMs - (9 * 86_400_000L);
            Assert.Equal(["alive_half", "fresh", "valuable"], run.Segments());
            int steps = 0;
            long untilMs = boughtMs + (500 * 86_400_000L);
            while (run.Customer!.NextTimerMs < untilMs && steps++ < 50)
                run.Advance(run.Customer.NextTimerMs);
            Assert.InRange(steps, 3, 12);
            foreach (Fact fact in run.Facts.Where(fact => fact.Kind is FactKind.SegmentLeft or FactKind.SegmentEntered && fact.AtMs > boughtMs))
            {
                Assert.NotEqual(Day(fact.AtMs - 1), Day(fact.AtMs));
                string path = fact.Subject switch { "alive_half" => "alive", "valuable" => "clv", "fresh" => "rfm", _ => "age" };
                Assert.NotEqual(Holds(fact.Subject!, run.ReadAt(path, fact.AtMs - 1)), Holds(fact.Subject!, run.ReadAt(path, fact.AtMs)));
            }

            Assert.Equal(["old"], run.Segments());
        }

        static bool Holds(string segment, Value value) => segment switch
        {
            "alive_half" => value.AsDouble >= 0.5,
            "valuable" => value.AsDouble > 30,
            "fresh" => value.AsInt >= 400,
            _ => value.AsDouble > 4,
        };
    }

    [Fact]
    public void Two_customers_that_turn_out_to_be_one_have_bought_what_both_bought()
    {
        var (left, right, all) = (new Shop(Compiled), new Shop(Compiled), new Shop(Compiled));
        var random = new Random(4);
        long nowMs = Instant("2026-01-01T08:00:00Z");
        for (int i = 0; i < 40; i++)
        {
            nowMs += random.NextInt64(5 * 86_400_000L);
            (i % 3 == 0 ? left : right).Order(nowMs, nowMs, 10 + i);
            all.Order(nowMs, nowMs, 10 + i);
        }

        left.Merge(right);
        foreach (string feature in (string[])["frequency", "recency", "monetary", "alive", "clv", "simple", "rfm"])
            Assert.Equal(Number(all.Read(feature)), Number(left.Read(feature)), 9);
    }

    [Fact]
    public void Beyond_exact_max_days_are_counted_and_summed_so_that_space_is_bounded()
    {
        string few = Model.Replace("lateness: 30d", "lateness: 30d\nexact_max: 4", StringComparison.Ordinal);
        var (bounded, exact) = (new Shop(Checked(few)), new Shop(Checked(Model.Replace("lateness: 30d", "lateness: 30d\nexact_max: 1000", StringComparison.Ordinal))));
        long nowMs = Instant("2026-01-01T08:00:00Z");
        int size = 0;
        for (int i = 0; i < 300; i++)
        {
            nowMs += 2 * 86_400_000L;
            bounded.Order(nowMs, nowMs, 10);
            exact.Order(nowMs, nowMs, 10);
            if (i == 20)
                size = bounded.Size();
        }

        Assert.InRange(bounded.Size(), 1, size + 30);
        foreach (string feature in (string[])["frequency", "recency", "age", "monetary", "alive", "clv", "rfm"])
            Assert.Equal(Number(exact.Read(feature)), Number(bounded.Read(feature)), 9);
    }

    [Fact]
    public void Nothing_bought_is_null()
    {
        var run = new Shop(Compiled);
        long nowMs = Instant("2026-01-01T08:00:00Z");
        run.Apply($$"""{"type":"page","userId":"c","timestamp":"{{Iso(nowMs)}}"}""");
        foreach (string feature in (string[])["frequency", "recency", "monetary", "alive", "clv", "simple", "rfm", "age"])
            Assert.True(run.Read(feature).IsNull, feature);
        Assert.Empty(run.Segments());
    }

    [Fact]
    public void Histories_of_a_real_shop_are_those_of_the_batch()
    {
        if (Cdnow.Load(output) is not { } customers)
            return;
        long endMs = Instant("1997-09-30T12:00:00Z");
        foreach (SortedDictionary<DateOnly, double> days in customers)
        {
            var run = new Shop(Compiled);
            foreach ((DateOnly day, double total) in days.Where(day => day.Key <= Cdnow.CalibrationEnd))
            {
                long atMs = new DateTimeOffset(day.ToDateTime(new TimeOnly(12, 0)), TimeSpan.Zero).ToUnixTimeMilliseconds();
                run.Order(atMs, atMs, total);
            }

            run.Advance(endMs);
            var (history, mean) = Cdnow.Calibration(days);
            Assert.Equal(history.Frequency, run.Read("frequency").AsInt);
            Assert.Equal(history.Recency, run.Read("recency").AsDouble, 12);
            Assert.Equal(history.Age, run.Read("age").AsDouble, 12);
            if (history.Frequency > 0)
                Assert.Equal(mean, run.Read("monetary").AsDouble, 9);
        }
    }

    [Fact]
    public void Methods_parameters_and_cuts_fall_back_as_documented()
    {
        const string Head = "model: m\nversion: 1\nevents:\n  order: { name: Order, properties: { total: double, note: string } }\n  visit: { name: Visit }\nfeatures:\n";
        var faults = new List<ModelFault>();
        ModelDefinition model = ModelReader.Read(
            Head + """
              a: { clv: { purchases: order, value: order.total } }
              b: { clv: { purchases: order, value: order.total, method: bgnbd } }
              c: { p_alive: { purchases: visit } }
              d: { rfm: { purchases: order, value: order.total } }
            """, faults)!;
        Assert.Equal(PurchaseMethod.Simple, model.Features[0].Purchases!.Method);
        Assert.Equal(["features.b: has no parameters r", "features.c: has no parameters r", "features.d: has no cuts and"], faults.Select(fault => string.Join(' ', fault.Message.Split(' ').Take(5)).Replace(",", "", StringComparison.Ordinal)));
        Assert.All(faults, fault => Assert.True(fault.IsWarning));
    }

    [Theory]
    [InlineData("{ clv: { purchases: order } }", "what is given needs what a purchase is worth")]
    [InlineData("{ clv: { value: order.total } }", "purchases: is missing")]
    [InlineData("{ clv: { purchases: ordr, value: ordr.total } }", "Did you mean \"order\"?")]
    [InlineData("{ clv: { purchases: order, value: visit.total } }", "allowed is a number of order")]
    [InlineData("{ clv: { purchases: order, value: order.note } }", "of type string")]
    [InlineData("{ clv: { purchases: order, value: order.total }, window: 30d }", "window cannot stand beside clv")]
    [InlineData("{ clv: { purchases: order, value: order.total, give: worth } }", "a reading: value, p_alive")]
    [InlineData("{ clv: { purchases: order, value: order.total, parameters: { r: 1, alpha: 2 } } }", "r needs a beside it|r needs b beside it")]
    [InlineData("{ clv: { purchases: order, value: order.total, parameters: { p: -1, q: 2, gamma: 1 } } }", "the number -1")]
    [InlineData("{ clv: { purchases: order, value: order.total, method: bgnbd, years: 2 } }", "belongs to the method simple")]
    [InlineData("{ rfm: { purchases: order, give: monetary } }", "what a purchase is worth")]
    [InlineData("{ rfm: { purchases: order, give: recency, cuts: { recency: [1, 2, 3] } } }", "allowed are 4 to 4")]
    [InlineData("{ rfm: { purchases: order, give: recency, cuts: { recency: [1, 2, 3, 2.5] } } }", "cuts may not fall")]
    public void Faults_are_told(string feature, string messages)
    {
        var faults = new List<ModelFault>();
        Assert.Null(ModelReader.Read(
            "model: m\nversion: 1\nevents:\n  order: { name: Order, properties: { total: double, note: string } }\n  visit: { name: Visit, properties: { total: double } }\nfeatures:\n  f: " + feature, faults));
        string[] told = [.. faults.Where(fault => !fault.IsWarning).Select(fault => fault.Message)];
        string[] wanted = messages.Split('|');
        Assert.True(told.Length == wanted.Length, string.Join("\n", told));
        Assert.All(wanted.Zip(told), pair => Assert.Contains(pair.First, pair.Second));
    }

    private static double Number(Value value) => value.Kind == ValueKind.Int ? value.AsInt : value.AsDouble;

    private static long Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    private static string Iso(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static DateOnly Day(long utcMs) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(utcMs), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")).DateTime);

    /// <summary>One customer of a shop.</summary>
    private sealed class Shop(CompiledModel model)
    {
        private readonly CustomerEngine _engine = new(model);
        private readonly RecordReader _reader = new(model.Events);
        private readonly CustomerEvent _message = new();
        private readonly CustomerContext _context = new(model, new Decisions.SharedState(model));
        private long _line;

        public CustomerState? Customer { get; private set; }

        public List<Fact> Facts { get; } = [];

        public void Order(long atMs, long receivedMs, double total) => Apply(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"type":"track","event":"Order","userId":"c","timestamp":"{{Iso(atMs)}}","receivedAt":"{{Iso(receivedMs)}}","properties":{"total":{{total}} } }"""));

        public void Apply(string line)
        {
            _reader.Begin(Encoding.UTF8.GetBytes(line), RecordSource.File);
            while (_reader.Next(_message))
            {
                CustomerState customer = Customer ?? _engine.Create("c", _message.RecordTimeMs);
                Assert.Equal(Refusal.None, _engine.Apply(customer, _message, new SourcePosition(SourcePosition.File, ++_line, -1), Facts));
                Customer = customer;
            }
        }

        public void Advance(long untilMs) => _engine.Advance(Customer!, untilMs, Facts);

        public void Merge(Shop other) => Customer = _engine.Merge(other.Customer!, Customer, "c", Math.Max(Customer!.ClockMs, other.Customer!.ClockMs), Facts);

        public void Reload() => Customer = StateCodec.Decode(Encoded(), model);

        public int Size() => Encoded().Length;

        public Value Read(string feature) => ReadAt(feature, Customer!.ClockMs);

        public Value ReadAt(string feature, long atMs)
        {
            _context.State = Customer!;
            _context.Now = atMs;
            return model.FeatureReads.Single(read => read.Name == feature).Node.Evaluate(_context);
        }

        public string[] Segments() => [.. model.SegmentsOf(Customer!).Select(segment => segment.Name).Order(StringComparer.Ordinal)];

        private byte[] Encoded()
        {
            var writer = new StateWriter();
            StateCodec.Encode(Customer!, model, writer);
            return writer.Written.ToArray();
        }
    }
}
