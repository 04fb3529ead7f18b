namespace StreamInsight.Oracle.Generation;

/// <summary>A readable name and the type of its value: int double string bool timestamp duration, or list of one.</summary>
public sealed record Readable(string Path, string Type);

/// <summary>Random well-typed conditions over what may be read.</summary>
public sealed class Conditions(Prng random, TimeScale scale, IReadOnlyList<string> stages)
{
    public static readonly string[] Words = ["a", "b", "shoes", "é"];

    public string Duration() => $"duration('{random.Pick(scale.Durations)}')";

    /// <param name="over">Features, traits, segments.</param>
    /// <param name="depth">How many operators may be nested.</param>
    public string Any(IReadOnlyList<Readable> over, int depth = 2) => depth == 0 || random.Chance(40)
        ? Leaf(over)
        : random.Pick<string>(
            (4, () => $"({Any(over, depth - 1)}) && ({Any(over, depth - 1)})"),
            (4, () => $"({Any(over, depth - 1)}) || ({Any(over, depth - 1)})"),
            (2, () => $"!({Any(over, depth - 1)})"),
            (1, () => $"({Any(over, depth - 1)}) ? ({Any(over, depth - 1)}) : ({Any(over, depth - 1)})"));

    private string Leaf(IReadOnlyList<Readable> over)
    {
        if (stages.Count > 0 && random.Chance(15)) return Journey();
        if (random.Chance(4)) return random.Pick(["true", "false", Calendar(), Calendar()]);
        return over.Count > 0 ? Of(random.Pick(over), over) : "true";
    }

    private string Of(Readable r, IReadOnlyList<Readable> over)
    {
        if (r.Type != "bool" && random.Chance(6)) return random.Pick([$"{r.Path} == null", $"{r.Path} != null", $"has({r.Path})"]);
        string Sign() => random.Pick([">=", ">", "<", "<=", ">=", "==", "!="]);
        switch (r.Type)
        {
            case "int":
                if (random.Chance(15) && Other("int") is { } n) return $"{r.Path} {random.Pick(["+", "-", "*"])} {n} {Sign()} {random.Below(5)}";
                if (random.Chance(8) && Other("int") is { } m) return $"{r.Path} {random.Pick(["/", "%"])} {m} {Sign()} {random.Below(3)}";
                return random.Chance(8) ? $"{r.Path} in [1, 3]" : $"{r.Path} {Sign()} {random.Below(5)}";
            case "decayed":
                return random.Chance(50) ? $"{r.Path} {random.Pick([">=", ">", "<", "<="])} {random.Below(8)}.{random.Pick(["0", "25", "5"])}" : $"{random.Below(8)}.{random.Pick(["0", "25", "5"])} {random.Pick([">=", ">", "<", "<="])} {r.Path}";
            case "double":
                if (random.Chance(15) && Other("double") is { } x) return $"{r.Path} {random.Pick(["+", "-", "*", "/"])} {x} {Sign()} {random.Below(9)}.5";
                return $"{r.Path} {Sign()} {random.Below(20)}.{random.Pick(["0", "25", "5"])}";
            case "string":
                return random.Pick([$"{r.Path} == '{Word()}'", $"{r.Path} != '{Word()}'", $"{r.Path} in ['{Word()}', '{Word()}']", $"{r.Path} < '{Word()}'", $"{r.Path}.startsWith('{Word()}')", $"size({r.Path}) > 1"]);
            case "bool":
                return random.Chance(70) ? r.Path : $"{r.Path} == {random.Pick(["true", "false"])}";
            case "duration":
                return $"{r.Path} {random.Pick([">=", ">", "<", "<="])} {Duration()}";
            case "timestamp":
                var compare = random.Pick([">=", ">", "<", "<="]);
                if (scale.EveryMillisecond && random.Chance(6)) return Strange(r.Path, Other("timestamp")!, compare);
                if (scale.EveryMillisecond && random.Chance(4))
                    return random.Pick([$"(now - {r.Path}).getMilliseconds() {compare} {random.Below(200)}", $"(now - {r.Path}).getSeconds() {compare} 1", $"now == {r.Path}", "int(now) % 2 == 0"]);
                return random.Pick([
                    $"now - {r.Path} {compare} {Duration()}", $"now - {r.Path} {compare} {Duration()}", $"{Duration()} {compare} now - {r.Path}",
                    $"now {compare} {r.Path} + {Duration()}", $"{r.Path} {compare} now - {Duration()}", $"{r.Path} {compare} now",
                ]);
            default:
                var item = r.Type[5..];
                var literal = item switch { "int" => "1", "string" => $"'{Word()}'", "bool" => "true", "double" => "0.5", _ => scale.EveryMillisecond ? "now" : "traits.since" };
                return random.Pick([$"size({r.Path}) {Sign()} {random.Below(4)}", $"{literal} in {r.Path}", $"{r.Path}.exists(x, x == {literal})", $"{r.Path}.all(x, x != {literal})", $"{r.Path}[0] == {literal}"]);
        }
        string? Other(string type) => over.Where(o => o.Type == type).Select(o => o.Path).ToList() is { Count: > 0 } others ? random.Pick(others) : null;
    }

    /// <summary>Roundabout ways of asking what time it is. The oracle tries every millisecond for them: it looks for <c>(now</c> and <c>now)</c>.</summary>
    private string Strange(string x, string y, string compare) => random.Pick([
        $"(now - {x}) == {Duration()}", $"(now - {x}) != {Duration()}", $"(now - {x}) + (now - {y}) {compare} {Duration()}", $"(now - {x}) - (now - {y}) {compare} {Duration()}",
        $"((now - {x}) > {Duration()} ? (now - {y}) : {Duration()}) {compare} {Duration()}", $"[(now - {x}), {Duration()}].exists(d, d {compare} {Duration()})",
        $"!((now) {compare} {x})", $"(now + {Duration()}) == {x}", $"({x} - now) {compare} {Duration()}", $"timestamp((now)) {compare} {x}", $"duration((now - {x})) {compare} {Duration()}",
        $"(now - {x}) {compare} (now - {y})", $"[(now), {x}][0] {compare} {y}", $"((now) < {x}) == ((now) < {y})", $"(now) - {Duration()} {compare} {x} + {Duration()}",
        $"[{x}, {y}].all(t, (now - t) {compare} {Duration()})", $"(((now) - {x}) {compare} {Duration()}) in [true]", $"size([1, 2].filter(i, (now - {x}) {compare} {Duration()})) == 2",
        $"(now - {x}).getMilliseconds() % 7 == 3", $"string((now - {x})) == '0.01s'", $"has({x}) && ((now) {compare} {x} + {Duration()})",
    ]);

    private string Journey() => random.Pick([
        $"journey.stage == '{random.Pick(stages)}'",
        $"journey.previous == '{random.Pick(stages)}'",
        $"journey.entries('{random.Pick(stages)}') >= {random.Below(4)}",
        $"now - journey.entered_at {random.Pick([">=", ">", "<"])} {Duration()}",
    ]);

    /// <summary>Calendar fields are tried every quarter of an hour, or every millisecond.</summary>
    private string Calendar() => scale.EveryMillisecond
        ? $"now.getMilliseconds() >= {random.Below(1000)}"
        : random.Pick([$"now.getHours() < {random.Below(24)}", $"now.getHours('UTC') >= {random.Below(24)}", $"now.getDayOfWeek() == {random.Below(7)}"]);

    /// <summary>On the event itself.</summary>
    public string Event() => random.Pick([
        $"event.name == '{random.Pick(["order", "view", "call", "page", "identify"])}'",
        "event.name == null",
        $"event.type == '{random.Pick(["track", "page", "group"])}'",
        $"event.name == 'order' && {Property("order")}",
        $"event.channel == '{random.Pick(["web", "app"])}'",
        "has(event.properties.category)",
        $"event.context.campaign == '{Word()}'",
        $"now - event.timestamp >= {Duration()}",
    ]);

    /// <summary>On a property of the named event.</summary>
    public string Property(string name) => name switch
    {
        "order" => random.Pick([
            $"event.properties.total {random.Pick([">", "<="])} {random.Below(12)}.5", $"event.properties.items {random.Pick([">=", "<", "=="])} {random.Below(4)}",
            $"event.properties.category == '{Word()}'", $"event.properties.category != '{Word()}'", "event.properties.gift", "has(event.properties.items)",
            "event.properties.due > event.timestamp",
        ]),
        "view" => $"event.properties.category == '{Word()}'",
        "call" => random.Pick([$"event.properties.reason == '{Word()}'", "!has(event.properties.reason)"]),
        _ => random.Pick(["event.channel == 'web'", "event.channel in ['app', 'web']", "event.type == 'track'"]),
    };

    private string Word() => random.Pick(Words);
}
