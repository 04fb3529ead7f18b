using StreamInsight.CustomerValue;
using StreamInsight.Definitions;

namespace StreamInsight.Server.Fit;

/// <summary>Purchase features of a model over the same purchases: one population, one set of parameters.</summary>
/// <param name="Value">The property a purchase is worth; null = no feature speaks of money.</param>
internal sealed record PurchaseGroup(string Event, string? Value, ExpressionSource? Where, IReadOnlyList<FeatureDefinition> Features)
{
    /// <summary><c>order.total</c>, or <c>order</c> where there is no value.</summary>
    public string Name => Value is null ? Event : $"{Event}.{Value}";

    public bool HasValueModels => Features.Any(feature => feature.Aggregate is Aggregate.Clv or Aggregate.PAlive);

    public bool HasRfm => Features.Any(feature => feature.Aggregate == Aggregate.Rfm);

    public static List<PurchaseGroup> Of(ModelDefinition model)
    {
        var groups = new List<PurchaseGroup>();
        FeatureDefinition[] features = [.. model.Features.Where(feature => feature.Purchases is not null)];
        foreach (var same in features.GroupBy(feature => (Event: feature.Events[0], Where: feature.Where?.Text)))
        {
            // Features without a value go with the first that has one: they are over the same purchases.
            string?[] values = [.. same.Select(feature => feature.Property).Where(property => property is not null).Distinct()];
            foreach (string? value in values.DefaultIfEmpty(null))
                groups.Add(new PurchaseGroup(
                    same.Key.Event, value, same.First().Where,
                    [.. same.Where(feature => feature.Property == value || (feature.Property is null && value == values.FirstOrDefault()))]));
        }

        return groups;
    }

    /// <summary>A feature that keeps every day of purchase.</summary>
    public FeatureDefinition Keeper(string name) => new()
    {
        Name = name,
        Aggregate = Aggregate.Clv,
        Mark = default,
        Events = [Event],
        Property = Value,
        Where = Where,
        ExactMax = 1_000_000,
        Purchases = new PurchaseReading(PurchaseGive.Frequency),
    };
}
