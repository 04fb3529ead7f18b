using StreamInsight.Definitions;
using Xunit;

namespace StreamInsight.Tests.Definitions;

/// <summary>Each row is the end of a model and the one fault it has: its place, and words its message must hold.</summary>
public sealed class ModelFaultTests
{
    /// <summary>Seven lines; the rows' lines begin at 8.</summary>
    private const string Head = """
        model: m
        version: 1
        events:
          order: { name: "Order Completed", properties: { total: double, items: int, category: string, paid: bool, due: timestamp } }
          call:  { name: "Call Started" }
        traits:
          nps: int

        """;

    [Theory]
    [InlineData("colour: red", 8, 1, "unknown key \"colour\"")]
    [InlineData("zonne: UTC", 8, 1, "Did you mean \"zone\"?")]
    [InlineData("zone: Mars/Olympus", 8, 7, "no known time zone")]
    [InlineData("zone: ../../etc/passwd", 8, 7, "a time zone's name")]
    [InlineData("lateness: 24", 8, 11, "its unit")]
    [InlineData("lateness: -1h", 8, 11, "its unit")]
    [InlineData("lateness: 1.5h", 8, 11, "its unit")]
    [InlineData("lateness: 99999999d", 8, 11, "at most 36525d")]
    [InlineData("lateness: 99999999999999999999d", 8, 11, "its unit")]
    [InlineData("dedupe: 1h", 8, 9, "window, max")]
    [InlineData("dedupe: { max: 5000 }", 8, 16, "0 to 4096")]
    [InlineData("dedupe: { max: \"5\" }", 8, 16, "without quotes")]
    [InlineData("exact_max: 0", 8, 12, "from 1")]
    [InlineData("exact_max: 1e3", 8, 12, "the number 1e3")]
    [InlineData("scores: { a: { } }", 8, 14, "exactly one of these")]
    [InlineData("actions: { a: { channels: [app], eligible: true } }", 8, 15, "value: is missing")]
    [InlineData("arbitration: { exponents: { value: 11 } }", 8, 36, "a number from 0 to 10")]
    [InlineData("policy: { quiet: { from: \"21:00\", to: \"08:00\", unknown_zone: Mars } }", 8, 62, "no known time zone")]
    [InlineData("routing: { queue: \"'general'\" }", 8, 10, "score: is missing")]
    [InlineData("pii: { masked: [traits.nps, traits.nam] }", 8, 29, "no trait")]
    [InlineData("subscribers: { crm: { url: crm.example } }", 8, 28, "https://")]
    [InlineData("subscribers: { redis: { url: \"https://a.example\" } }", 8, 16, "meaning of its own")]
    [InlineData("subscribers: { crm: { secret_env: X } }", 8, 21, "url: is missing")]
    public void Top_level(string end, int line, int column, string message) => OneFault(end, line, column, message);

    [Theory]
    [InlineData("{ count: cal }", 15, "\"cal\" is no declared event. Did you mean \"call\"?")]
    [InlineData("{ count: [call] }", 15, "a list is given")]
    [InlineData("{ count: }", 15, "nothing is given")]
    [InlineData("{ cuont: call }", 6, "none is")]
    [InlineData("{ }", 6, "none is")]
    [InlineData("call", 6, "a map with the keys")]
    [InlineData("{ count: call, sum: order.total }", 21, "sum cannot stand beside count")]
    [InlineData("{ count: call.reason }", 20, "the event call has no property \"reason\"")]
    [InlineData("{ sum: order }", 13, "a property of an event")]
    [InlineData("{ sum: order.totl }", 19, "Did you mean \"total\"?")]
    [InlineData("{ sum: 'order.totl' }", 20, "no property \"totl\"")]
    [InlineData("{ sum: order.category }", 19, "of type string; sum works with int, double")]
    [InlineData("{ sum: order.timestamp }", 19, "of type timestamp")]
    [InlineData("{ avg: order.paid }", 19, "of type bool")]
    [InlineData("{ stddev: order.due }", 22, "of type timestamp")]
    [InlineData("{ min: order.paid }", 19, "of type bool; min works with int, double, string, timestamp")]
    [InlineData("{ decayed: order.category, half_life: 1d }", 23, "of type string")]
    [InlineData("{ last: \"*.total\" }", 17, "knows only *.timestamp and *.channel")]
    [InlineData("{ last: page.url }", 19, "page has no properties of its own")]
    [InlineData("{ decayed: order }", 8, "decayed needs half_life")]
    [InlineData("{ decayed: order, half_life: 0s }", 35, "longer than nothing")]
    [InlineData("{ count: order, half_life: 1d }", 22, "half_life needs decayed")]
    [InlineData("{ sequence: [order, call] }", 8, "sequence needs within")]
    [InlineData("{ sequence: [order], within: 1h }", 18, "allowed are 2 to 16")]
    [InlineData("{ sequence: order, within: 1h }", 18, "a list of events in order")]
    [InlineData("{ sequence: [order, cll], within: 1h }", 26, "Did you mean \"call\"?")]
    [InlineData("{ sequence: [order, order.total], within: 1h }", 26, "an event's short name")]
    [InlineData("{ sessions: order }", 8, "sessions needs gap")]
    [InlineData("{ count: order, within: 1h }", 22, "within needs sequence")]
    [InlineData("{ count: order, gap: 1h }", 22, "gap needs sessions")]
    [InlineData("{ count: order, k: 3 }", 22, "k needs last_k")]
    [InlineData("{ last_k: order.total, k: 0 }", 32, "from 1")]
    [InlineData("{ count: order, window: 0s }", 30, "longer than nothing")]
    [InlineData("{ count: order, offset: 1d }", 22, "offset needs window")]
    [InlineData("{ expr: \"1 + 1\", window: 1d }", 23, "expr stands alone")]
    [InlineData("{ expr: }", 14, "nothing is given")]
    [InlineData("{ count: order, where: a == \"b, c\" }", 38, "put the whole expression in quotes")]
    public void Feature(string feature, int column, string message) => OneFault($"features:\n  f: {feature}", 9, column, message);

    [Theory]
    [InlineData("now", "meaning of its own")]
    [InlineData("traits", "meaning of its own")]
    [InlineData("in", "reserved word of the expression language")]
    [InlineData("package", "reserved word of the expression language")]
    [InlineData("1st", "is no name")]
    [InlineData("a-b", "is no name")]
    [InlineData("größe", "is no name")]
    [InlineData("\"\"", "is no name")]
    [InlineData("a2345678901234567890123456789012345678901234567890123456789012345", "allowed are 64")]
    public void Feature_name(string name, string message) => OneFault($"features:\n  {name}: {{ count: call }}", 9, 3, message);

    [Theory]
    [InlineData("  call: { name: A }\n  kall: { name: A }", 5, 17, "is the event call already")]
    [InlineData("  page: { name: Page Viewed }", 4, 17, "its name must be page")]
    [InlineData("  identify: { name: X }", 4, 3, "meaning of its own")]
    [InlineData("  a: { name: 5 }", 4, 14, "put it in quotes")]
    [InlineData("  a: { name: yes, properties: { x: strng } }", 4, 36, "Did you mean \"string\"?")]
    [InlineData("  a: { properties: { x: string } }", 4, 6, "name: is missing")]
    [InlineData("  a: { name: \"\" }", 4, 14, "\"\" is given")]
    public void Event(string events, int line, int column, string message) =>
        OneFaultOf("model: m\nversion: 1\nevents:\n" + events, line, column, message);

    [Theory]
    [InlineData("    - { from: a, to: b }", 7, "one of when, after must be there")]
    [InlineData("    - { from: a, to: \"*\", when: \"true\" }", 22, "allowed is a stage's name")]
    [InlineData("    - { from: a, to: bb, when: \"true\" }", 22, "Did you mean \"b\"?")]
    [InlineData("    - { from: c, to: b, when: \"true\" }", 15, "no stage of the journey")]
    [InlineData("    - { from: a, to: b, when: }", 31, "nothing is given")]
    [InlineData("    - { from: a, to: b, after: soon }", 32, "its unit")]
    [InlineData("    - to: b\n      after: 1d", 7, "from: is missing")]
    public void Transition(string transition, int column, string message) =>
        OneFault($"journey:\n  initial: a\n  stages: [a, b]\n  transitions:\n{transition}", 12, column, message);

    [Theory]
    [InlineData("journey:", 8, 9, "nothing is given")]
    [InlineData("journey: { initial: c, stages: [a, b] }", 8, 21, "Allowed: a, b")]
    [InlineData("journey: { initial: a, stages: [] }", 8, 32, "0 stages are given")]
    [InlineData("journey: { initial: a, stages: [a, b, a] }", 8, 39, "stands here twice")]
    [InlineData("journey: { stages: [a, b] }", 8, 10, "initial: is missing")]
    [InlineData("segments: { s: { exit: \"1 > 2\" } }", 8, 16, "when: is missing")]
    [InlineData("segments: { s: { when: \"1 > 2\", fro: 5m } }", 8, 33, "Did you mean \"for\"?")]
    [InlineData("segments: { s: { when: \"1 > 2\", for: five } }", 8, 38, "its unit")]
    [InlineData("segments: { s: \"1 > 2\" }", 8, 16, "a segment: a map")]
    public void Journey_and_segments(string end, int line, int column, string message) => OneFault(end, line, column, message);

    [Theory]
    [InlineData("{ on: entered(hihg), to: [redis] }", 20, "Did you mean \"high\"?")]
    [InlineData("{ on: entered, to: [redis] }", 12, "allowed is entered(segment)")]
    [InlineData("{ on: entred(high), to: [redis] }", 12, "allowed is entered(segment)")]
    [InlineData("{ on: stage(b), to: [redis] }", 18, "no stage of the journey")]
    [InlineData("{ on: left(high), to: redis }", 28, "a list of sinks")]
    [InlineData("{ on: left(high), to: [rdis] }", 29, "Did you mean \"redis\"?")]
    [InlineData("{ on: left(high), to: [redis, redis] }", 36, "stands here twice")]
    [InlineData("{ on: left(high), to: [redis], max_age: 0s }", 46, "longer than nothing")]
    [InlineData("{ to: [redis] }", 6, "on: is missing")]
    public void Trigger(string trigger, int column, string message) =>
        OneFault($"journey: {{ initial: a, stages: [a] }}\nsegments: {{ high: {{ when: \"1 > 2\" }} }}\ntriggers:\n  t: {trigger}", 11, column, message);

    [Fact]
    public void A_stage_trigger_needs_a_journey() => OneFault("triggers: { t: { on: stage(*), to: [redis] } }", 8, 28, "no journey");

    [Theory]
    [InlineData("", 1, 1, "the file is empty")]
    [InlineData("# only a remark\n", 1, 1, "the file is empty")]
    [InlineData("- a\n", 1, 1, "a list is given")]
    [InlineData("just text", 1, 1, "\"just text\" is given")]
    [InlineData("model: m", 1, 1, "version: is missing")]
    [InlineData("model: my model\nversion: 1", 1, 8, "letters, digits")]
    [InlineData("model: 7\nversion: 1", 1, 8, "put it in quotes")]
    [InlineData("model: m\nversion: \"1\"", 2, 10, "without quotes")]
    [InlineData("model: m\nversion: 1.5", 2, 10, "the number 1.5")]
    [InlineData("model: m\nversion: 99999999999", 2, 10, "a whole number")]
    public void Whole_file(string yaml, int line, int column, string message) => OneFaultOf(yaml, line, column, message);

    [Fact]
    public void Every_fault_is_told_in_one_run_in_order_of_position()
    {
        var faults = new List<ModelFault>();
        var model = ModelReader.Read(
            """
            model: m
            version: "1"
            colour: red
            features:
              a: { cuont: call }
              b: { sum: order.totl }
            segments:
              s: { when: a ? b : c }
            triggers:
              t: { on: entered(x), to: [rdis] }
            events:
              order: { name: "Order Completed", properties: { total: double } }
            """, faults);
        Assert.Null(model);
        Assert.Equal(
            [(2, 10), (3, 1), (5, 6), (5, 8), (6, 19), (8, 20), (10, 20), (10, 29)],
            faults.Select(f => (f.Mark.Line, f.Mark.Column)));
    }

    [Fact]
    public void A_faulty_declaration_is_not_reported_again_where_it_is_used()
    {
        OneFault("features:\n  a: { sum: ordr.total }\n  b: { expr: \"a + 1.0\" }\nsegments: { s: { when: features.a > 1.0 } }\ntriggers: { t: { on: entered(s), to: [redis] } }", 9, 13, "no declared event");
    }

    private static void OneFault(string end, int line, int column, string message) => OneFaultOf(Head + end, line, column, message);

    private static void OneFaultOf(string yaml, int line, int column, string message)
    {
        var faults = new List<ModelFault>();
        Assert.Null(ModelReader.Read(yaml, faults));
        var told = faults.Where(f => !f.Message.Contains("unknown key \"cuont\"")).ToList();
        Assert.True(told.Count == 1, string.Join("\n", faults));
        Assert.Contains(message, told[0].Message);
        Assert.Equal((line, column), (told[0].Mark.Line, told[0].Mark.Column));
        Assert.False(told[0].IsWarning);
    }
}
