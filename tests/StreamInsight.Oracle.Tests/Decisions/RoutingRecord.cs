using StreamInsight.Oracle.Customers;
using StreamInsight.Oracle.Language;
using StreamInsight.Oracle.Models;

namespace StreamInsight.Oracle.Decisions;

/// <summary>What a router is told of a customer.</summary>
public sealed record RoutingRecord(string? Queue, double Score, List<string> Reasons, string? Agent, List<string> Skills, long ValidUntilMs)
{
    public static RoutingRecord Of(RoutingRules routing, CustomerScope scope, long now) => new(
        scope.Value(routing.Queue) as string,
        scope.Number(routing.Score) is { } score && !double.IsNaN(score) ? Math.Clamp(score, 0, 1000) : 0,
        routing.Reasons.Where(r => scope.Holds(r.Value)).Take(3).Select(r => r.Key).ToList(),
        routing.Agent is { } agent ? scope.Value(agent) as string : null,
        routing.Skills is { } skills && scope.Value(skills) is List<object?> list ? list.OfType<string>().ToList() : [],
        now + routing.ValidMs);

    /// <summary>Equal in all but how long it may be used.</summary>
    public bool SaysTheSame(RoutingRecord? other) => other is not null && Queue == other.Queue && Score == other.Score
        && Reasons.SequenceEqual(other.Reasons) && Agent == other.Agent && Skills.SequenceEqual(other.Skills);

    public List<(string Name, object? Value)> Value() =>
    [
        ("queue", Queue), ("score", Score), ("reasons", Reasons.ToList<object?>()), ("agent", Agent), ("skills", Skills.ToList<object?>()), ("valid_until", new Instant(ValidUntilMs)),
    ];
}
