using System.Globalization;
using StreamInsight.CustomerValue;

namespace StreamInsight.Server.Fit;

/// <summary>What was estimated for one population. Null = too little to go by.</summary>
internal sealed record Estimate(PurchaseGroup Group, Population Population, (BgNbd Model, double LogLikelihood)? Buying, (GammaGamma Model, double LogLikelihood)? Spending, RfmCuts? Cuts)
{
    public static Estimate Of(PurchaseGroup group, Population population)
    {
        IReadOnlyList<Buyer> buyers = population.Buyers;
        bool hasValue = group.Value is not null;
        return new Estimate(
            group,
            population,
            group.HasValueModels ? ModelFit.BgNbd([.. buyers.Select(buyer => buyer.History)]) : null,
            group.HasValueModels && hasValue ? ModelFit.GammaGamma([.. buyers.Select(buyer => (buyer.History.Frequency, buyer.MeanSpend))]) : null,
            !group.HasRfm || buyers.Count == 0 ? null : new RfmCuts(
                RfmCuts.Quantiles(buyers.Select(buyer => buyer.SilentDays)),
                RfmCuts.Quantiles(buyers.Select(buyer => buyer.History.Frequency + 1)),
                hasValue ? RfmCuts.Quantiles(buyers.Select(buyer => buyer.Spend)) : null));
    }

    /// <summary>As it stands behind <c>parameters:</c> in a model; null where nothing was estimated.</summary>
    public string? Parameters()
    {
        var parts = new List<string>();
        if (Buying is { Model: var buying })
            parts.Add($"r: {Number(buying.R)}, alpha: {Number(buying.Alpha)}, a: {Number(buying.A)}, b: {Number(buying.B)}");
        if (Spending is { Model: var spending })
            parts.Add($"p: {Number(spending.P)}, q: {Number(spending.Q)}, gamma: {Number(spending.Gamma)}");
        return parts.Count == 0 ? null : $"{{ {string.Join(", ", parts)} }}";
    }

    /// <summary>As it stands behind <c>cuts:</c>.</summary>
    public string? CutsText()
    {
        if (Cuts is null)
            return null;
        (string Key, IReadOnlyList<double>? Numbers)[] all = [("recency", Cuts.Recency), ("frequency", Cuts.Frequency), ("monetary", Cuts.Monetary)];
        return $"{{ {string.Join(", ", all.Where(one => one.Numbers is not null).Select(one => $"{one.Key}: [{string.Join(", ", one.Numbers!.Select(Number))}]"))} }}";
    }

    /// <summary>Six digits: more than any sample supports. Never with an exponent that YAML might take for text.</summary>
    internal static string Number(double value)
    {
        double rounded = double.Parse(value.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return rounded.ToString("0.##############", CultureInfo.InvariantCulture);
    }
}
