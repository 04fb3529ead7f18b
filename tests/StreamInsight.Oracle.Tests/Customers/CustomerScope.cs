using StreamInsight.Oracle.Decisions;
using StreamInsight.Oracle.Features;
using StreamInsight.Oracle.Language;
using StreamInsight.Oracle.Models;
using StreamInsight.Oracle.Records;

namespace StreamInsight.Oracle.Customers;

/// <summary>What names mean in a step of a customer at <paramref name="now"/>. Features are computed anew for each scope.</summary>
public sealed class CustomerScope(Model model, Customer customer, QueueBoard queues, long now, Message? message, long timestamp) : IScope
{
    private readonly Dictionary<string, object?> computed = [];

    /// <summary>What is known of queues: all there is now, unless set.</summary>
    public Seen Seen { get; set; } = new(now, queues.Count);

    public string Zone => model.Zone;

    public bool Holds(Cel condition) => new CelEvaluator(this).Holds(condition);

    public object? Value(Cel expression) => new CelEvaluator(this).Value(expression);

    public long Entries(string stage) => customer.Entries.GetValueOrDefault(stage);

    public object? Read(string[] path) => path switch
    {
        ["now"] => new Instant(now),
        ["scores", var name] => Score(name),
        ["queues", var name, var key] => queues.Read(name, key, Seen),
        ["actions"] => new Ranking(model, customer, this, now).Told(),
        ["routing"] => customer.ToldRouting?.Value(),
        ["routing", var key] => customer.ToldRouting?.Value().Find(v => v.Name == key).Value,
        ["features", var name] => Feature(name),
        ["traits", .. var name] => customer.Traits.GetValueOrDefault(string.Join('.', name)),
        ["segments", var name] => customer.Members.ContainsKey(name),
        ["journey", "stage"] => customer.Stage,
        ["journey", "previous"] => customer.Previous,
        ["journey", "entered_at"] => new Instant(customer.EnteredAtMs),
        ["event", ..] => message is null ? new CelError("no event in this step", IsScope: true) : message.Read(path, timestamp),
        [var name] => Feature(name),
        _ => Values.Error("no such name"),
    };

    /// <summary>A feature's value; an error in a derived one is null.</summary>
    public object? Feature(string name)
    {
        if (computed.TryGetValue(name, out var known)) return known;
        if (model.Features.Find(f => f.Name == name) is not { } feature) return Values.Error("no such feature");
        var value = feature.Expression is { } derived ? Value(derived) : Aggregates.Of(feature, customer.Histories[name], now);
        return computed[name] = value is CelError ? null : value;
    }

    /// <summary>A double, or null for whatever is no number.</summary>
    public object? Score(string name) => model.Scores.Find(s => s.Name == name) is { } score ? Number(score.Expression) : Values.Error("no such score");

    /// <summary>Null where the expression yields no number.</summary>
    public double? Number(Cel expression) => Value(expression) switch { double x => x, long n => n, _ => null };
}
