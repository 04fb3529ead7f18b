using StreamInsight.Expressions;
using Xunit;

namespace StreamInsight.Tests.Expressions;

/// <summary>
/// The law: before the instant an evaluation reports, the value stays what it is. Checked on random expressions over now and timestamps near it, by evaluating
/// again at every millisecond for a while and at many later instants.
/// </summary>
public sealed class ValidUntilProperties
{
    private const int EveryMs = 600;

    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("STREAMINSIGHT_ROUNDS"), out var rounds) ? rounds : 200;

    [Fact]
    public void Nothing_changes_before_the_reported_instant()
    {
        for (var seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            var writer = new Writer(random);
            var source = writer.Any(4);
            var now = writer.Now;
            var scope = writer.Scope();
            var expression = CelRunner.Compile(source, scope);
            var context = new EvalContext { Now = now };
            var value = expression.Evaluate(context);
            var until = context.ValidUntil;
            Assert.True(until > now, $"seed {seed}: {source} at {now} is valid until {until}");
            foreach (var later in Later(random, now, until))
            {
                context.Now = later;
                var other = expression.Evaluate(context);
                Assert.True(
                    other.Kind == value.Kind && (value.IsError || Comparisons.AreEqual(value, other) || IsNaN(value)),
                    $"seed {seed}: {source} at {now} is {value}, valid until {until}, but {other} at {later}; leaves: {writer.Leaves}");
            }
        }
    }

    private static bool IsNaN(in Value value) => value.Kind == ValueKind.Double && double.IsNaN(value.AsDouble);

    private static IEnumerable<long> Later(Random random, long now, long until)
    {
        for (var at = now + 1; at < until && at <= now + EveryMs; at++)
            yield return at;
        var last = Math.Min(until, now + (800L * 86_400_000));
        if (last <= now + EveryMs)
            yield break;
        yield return last - 1;
        for (var i = 0; i < 200; i++)
            yield return random.NextInt64(now + 1, last);
        // Boundaries are where things change: every quarter of an hour for some days, around noon and midnight for two years.
        for (var at = (now / 900_000 + 1) * 900_000; at < last && at < now + (3 * 86_400_000L); at += 900_000)
            yield return at;
        for (var at = (now / 43_200_000 + 1) * 43_200_000; at < last; at += 43_200_000)
            yield return at;
    }

    /// <summary>Writes a random expression and the leaves it reads.</summary>
    private sealed class Writer
    {
        private static readonly string[] Zones = ["'Europe/Berlin'", "'America/St_Johns'", "'Asia/Kathmandu'", "'Australia/Lord_Howe'", "'+05:30'", "'-00:17'", "'Pacific/Apia'", "zone", "'Nowhere'"];
        private static readonly string[] Spans = ["0s", "1ms", "7ms", "400ms", "1s", "-3s", "1m", "1h", "36h", "10d", "1ns", "999999ns", "-1ns"];
        private static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">="];
        private static readonly string[] Fields = ["FullYear", "Month", "DayOfYear", "DayOfMonth", "Date", "DayOfWeek", "Hours", "Minutes", "Seconds", "Milliseconds"];

        private readonly Random _random;
        private readonly Dictionary<string, (CelType Type, Value Value)> _leaves = [];

        public Writer(Random random)
        {
            _random = random;
            Now = random.Next(4) switch
            {
                0 => random.NextInt64(-1_000_000_000_000, 2_200_000_000_000),
                1 => 1_774_746_000_000 - random.Next(0, 10_000_000), // before Berlin's summer time of 2026
                2 => 1_767_225_600_000 - random.Next(0, 3_000), // before 2026
                _ => 1_792_890_000_000 - random.Next(0, 10_000_000), // before Berlin's winter time of 2026
            };
            for (var i = 0; i < 3; i++)
                _leaves[$"t{i}"] = (CelType.Timestamp, Value.TimestampMs(Now + Near()));
            _leaves["empty"] = (CelType.Nullable(CelType.Timestamp), Value.Null);
            _leaves["broken"] = (CelType.Timestamp, Value.Error("broken"));
            _leaves["old"] = (CelType.Timestamp, Value.TimestampMs(-7_000_000_000_000));
            _leaves["zone"] = (CelType.String, Value.String("Europe/London"));
            _leaves["n"] = (CelType.Int, Value.Int(random.Next(-5, 60)));
            _leaves["flag"] = (CelType.Bool, Value.Bool(random.Next(2) == 0));
            _leaves["open"] = (CelType.Dyn, Value.TimestampMs(Now + Near()));
        }

        public long Now { get; }

        public string Leaves => string.Join(", ", _leaves.Select(leaf => $"{leaf.Key} = {leaf.Value.Value}"));

        public Scope Scope()
        {
            var scope = new Scope("America/New_York").Declare("now", CelType.Timestamp, NowNode.Instance);
            foreach (var (name, (type, value)) in _leaves)
                scope.Declare(name, type, new LeafNode(value));
            return scope;
        }

        public string Any(int depth) => _random.Next(6) switch
        {
            0 => Int(depth),
            1 => Span(depth),
            2 => $"string({Instant(depth)})",
            _ => Bool(depth),
        };

        private string Bool(int depth) => depth == 0 ? One("true", "false", "flag") : _random.Next(15) switch
        {
            0 => $"({Bool(depth - 1)} && {Bool(depth - 1)})",
            1 => $"({Bool(depth - 1)} || {Bool(depth - 1)})",
            2 => $"!({Bool(depth - 1)})",
            3 => $"({Bool(depth - 1)} ? {Bool(depth - 1)} : {Bool(depth - 1)})",
            4 => $"{Int(depth - 1)} in [{Int(depth - 1)}, {Int(depth - 1)}]",
            5 => $"[{Instant(depth - 1)}, {Instant(depth - 1)}].exists(v, v {One(Comparisons)} {Instant(depth - 1)})",
            6 => $"cel.bind(v, {Span(depth - 1)}, v {One(Comparisons)} {Span(depth - 1)} || v {One(Comparisons)} {Span(depth - 1)})",
            7 => $"(null != {Instant(depth - 1)} || {Bool(depth - 1)})",
            8 or 9 => $"({Int(depth - 1)} {One(Comparisons)} {Int(depth - 1)})",
            10 or 11 => $"({Instant(depth - 1)} {One(Comparisons)} {Instant(depth - 1)})",
            _ => $"({Span(depth - 1)} {One(Comparisons)} {Span(depth - 1)})",
        };

        private string Instant(int depth) => depth == 0 ? One("now", "now", "now", "t0", "t1", "t2", "old", "empty", "broken", "open") : _random.Next(8) switch
        {
            0 => $"({Instant(depth - 1)} + {Span(depth - 1)})",
            1 => $"({Instant(depth - 1)} - {Span(depth - 1)})",
            2 => $"({Span(depth - 1)} + {Instant(depth - 1)})",
            3 => $"({Bool(depth - 1)} ? {Instant(depth - 1)} : {Instant(depth - 1)})",
            4 => $"timestamp({One("now", "t0", "'2026-01-01T00:00:00Z'", $"int({Instant(depth - 1)})")})",
            5 => $"(true ? {Instant(depth - 1)} : now)",
            _ => Instant(0),
        };

        private string Span(int depth) => depth == 0 ? $"duration('{One(Spans)}')" : _random.Next(6) switch
        {
            0 => $"({Span(depth - 1)} + {Span(depth - 1)})",
            1 => $"({Span(depth - 1)} - {Span(depth - 1)})",
            2 => $"({Bool(depth - 1)} ? {Span(depth - 1)} : {Span(depth - 1)})",
            _ => $"({Instant(depth - 1)} - {Instant(depth - 1)})",
        };

        private string Int(int depth) => depth == 0 ? One("n", "0", "1", "-2", "23", "3600") : _random.Next(10) switch
        {
            0 => $"int({Instant(depth - 1)})",
            1 => $"({Int(depth - 1)} + {Int(depth - 1)})",
            2 => $"({Int(depth - 1)} - {Int(depth - 1)})",
            3 => $"(-{Int(depth - 1)} * {Int(depth - 1)})",
            4 => $"({Bool(depth - 1)} ? {Int(depth - 1)} : {Int(depth - 1)})",
            5 => $"{Span(depth - 1)}.get{One("Hours", "Minutes", "Seconds", "Milliseconds")}()",
            6 => $"size(string({Instant(depth - 1)}))",
            7 => $"{Instant(depth - 1)}.get{One(Fields)}({One(Zones)})",
            _ => $"{Instant(depth - 1)}.get{One(Fields)}()",
        };

        private long Near() => _random.Next(5) switch
        {
            0 => 0,
            1 => _random.Next(-1_000, 1_000),
            2 => _random.Next(-100_000_000, 100_000_000),
            3 => -_random.Next(4_000_000),
            _ => _random.NextInt64(-40_000_000_000, 40_000_000_000),
        };

        private string One(params string[] choices) => choices[_random.Next(choices.Length)];
    }
}
