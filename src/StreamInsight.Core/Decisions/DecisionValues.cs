using StreamInsight.Expressions;

namespace StreamInsight.Decisions;

/// <summary>The ranking and the routing as values of expressions, shaped as they are in facts.</summary>
internal static class DecisionValues
{
    public static Value Actions(IReadOnlyList<RankedAction> actions) =>
        Value.List([.. actions.Select(action => Map(
            ("action", Value.String(action.Action)),
            ("channels", Texts(action.Channels)),
            ("score", Value.Double(action.Score)),
            ("explored", Value.Bool(action.IsExplored)),
            ("content", Map([.. action.Content.Select(text => (text.Key, Value.String(text.Value)))]))))]);

    public static Value Routing(RoutingDecision? routing) => routing is null ? Value.Null : Map(
        ("queue", Text(routing.Queue)),
        ("score", Value.Double(routing.Score)),
        ("reasons", Texts(routing.Reasons)),
        ("agent", Text(routing.Agent)),
        ("skills", Texts(routing.Skills)),
        ("valid_until", Value.TimestampMs(routing.ValidUntilMs)));

    private static Value Text(string? text) => text is null ? Value.Null : Value.String(text);

    private static Value Texts(IReadOnlyList<string> texts) => Value.List([.. texts.Select(Value.String)]);

    private static Value Map(params (string Key, Value Value)[] members) =>
        CelMap.TryCreate([.. members.Select(member => new KeyValuePair<Value, Value>(Value.String(member.Key), member.Value))], out CelMap? map, out _)
            ? Value.Map(map)
            : Value.Null;
}
