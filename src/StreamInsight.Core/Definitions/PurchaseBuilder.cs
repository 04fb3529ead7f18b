using StreamInsight.CustomerValue;
using StreamInsight.Definitions.Shapes;
using StreamInsight.Definitions.Yaml;

namespace StreamInsight.Definitions;

/// <summary>Makes the readings of purchases: <c>clv</c>, <c>p_alive</c>, <c>rfm</c>. Parameters and cuts may stand once and serve every feature over the same purchases.</summary>
internal sealed class PurchaseBuilder(Faults faults)
{
    private static readonly string[] Foreign = ["window", "offset"];

    /// <summary>The event and property, and what is read; <paramref name="path"/> is that of the feature. Null if it is too faulty; what is wrong in form was reported.</summary>
    public (YamlText Purchases, YamlText? Value, PurchaseReading Reading)? Read(Fields feature, AggregateRule rule, string path)
    {
        MapShape shape = PurchaseShape.Of(rule.Key);
        Fields fields = feature.Map(rule.Key, shape);
        foreach (string key in Foreign.Where(feature.Has))
            faults.Add(feature.Node(key)!.Mark, $"{path}: {key} cannot stand beside {rule.Key}, which knows a customer's whole life");
        if (fields.Scalar("purchases") is not { Kind: YamlKind.Text } purchases)
            return null;
        YamlText? value = rule.Aggregate == Aggregate.PAlive ? null : fields.Scalar("value");
        PurchaseReading reading = rule.Aggregate switch
        {
            Aggregate.PAlive => new PurchaseReading(PurchaseGive.PAlive) { Buying = Buying(fields) },
            Aggregate.Rfm => Rfm(fields, $"{path}.rfm"),
            _ => Clv(fields, $"{path}.clv"),
        };
        if (value is null && reading.Give is PurchaseGive.Value or PurchaseGive.ExpectedSpend or PurchaseGive.Monetary or PurchaseGive.MonetaryScore or PurchaseGive.RfmScore)
        {
            if (fields.Node("value") is null)
                faults.Add(purchases.Mark, $"{path}.{rule.Key}: value: is missing; what is given needs what a purchase is worth, such as {purchases.Text}.total");
            return null;
        }

        if (value is not null && value.Text.Split('.')[0] != purchases.Text)
        {
            faults.Add(value.Mark, $"{path}.{rule.Key}.value: {Faults.Quote(value.Text)} is given; allowed is a number of {purchases.Text}, such as {purchases.Text}.total");
            return null;
        }

        return (purchases, value, reading);
    }

    /// <summary>
    /// Gives features without parameters or cuts those of the first feature over the same purchases that has them, says which method they use, and warns where there are none.
    /// </summary>
    public void Share(List<FeatureDefinition> features)
    {
        for (int i = 0; i < features.Count; i++)
        {
            if (features[i].Purchases is not { } reading)
                continue;
            FeatureDefinition feature = features[i];
            List<PurchaseReading> others = [.. features.Where(other => other.Purchases is not null && SamePurchases(other, feature)).Select(other => other.Purchases!)];
            reading = reading with
            {
                Buying = reading.Buying ?? others.Select(other => other.Buying).FirstOrDefault(found => found is not null),
                Spending = reading.Spending ?? others.Select(other => other.Spending).FirstOrDefault(found => found is not null),
                Cuts = Cuts(reading.Cuts, others),
            };
            bool isOpen = reading.Method is null && feature.Aggregate == Aggregate.Clv;
            reading = reading with { Method = isOpen ? Default(reading) : reading.Method };
            features[i] = feature with { Purchases = reading };
            if (Missing(reading) is { } missing)
                faults.Warn(feature.Mark, $"features.{feature.Name}: has no {missing} and is null; `streaminsight fit` estimates them from a log");
        }
    }

    private static PurchaseMethod Default(PurchaseReading reading) => reading.Give switch
    {
        PurchaseGive.ExpectedPurchases => reading.Buying is null ? PurchaseMethod.Simple : PurchaseMethod.BgNbd,
        PurchaseGive.ExpectedSpend => reading.Spending is null ? PurchaseMethod.Simple : PurchaseMethod.BgNbd,
        _ => reading.Buying is null || reading.Spending is null ? PurchaseMethod.Simple : PurchaseMethod.BgNbd,
    };

    private static string? Missing(PurchaseReading reading)
    {
        bool needsBuying = reading.Give == PurchaseGive.PAlive
            || (reading.Method == PurchaseMethod.BgNbd && reading.Give is PurchaseGive.Value or PurchaseGive.ExpectedPurchases);
        bool needsSpending = reading.Method == PurchaseMethod.BgNbd && reading.Give is PurchaseGive.Value or PurchaseGive.ExpectedSpend;
        if (needsBuying && reading.Buying is null)
            return "parameters r, alpha, a and b";
        if (needsSpending && reading.Spending is null)
            return "parameters p, q and gamma";
        bool needsCuts = (reading.Give is PurchaseGive.RecencyScore or PurchaseGive.RfmScore && reading.Cuts?.Recency is null)
            || (reading.Give is PurchaseGive.FrequencyScore or PurchaseGive.RfmScore && reading.Cuts?.Frequency is null)
            || (reading.Give is PurchaseGive.MonetaryScore or PurchaseGive.RfmScore && reading.Cuts?.Monetary is null);
        return needsCuts ? "cuts" : null;
    }

    private static RfmCuts Cuts(RfmCuts? own, List<PurchaseReading> others) => new(
        own?.Recency ?? others.Select(other => other.Cuts?.Recency).FirstOrDefault(found => found is not null),
        own?.Frequency ?? others.Select(other => other.Cuts?.Frequency).FirstOrDefault(found => found is not null),
        own?.Monetary ?? others.Select(other => other.Cuts?.Monetary).FirstOrDefault(found => found is not null));

    /// <summary>The event and the condition; what a purchase is worth may differ, since readings of frequency need none.</summary>
    private static bool SamePurchases(FeatureDefinition one, FeatureDefinition other) =>
        one.Events[0] == other.Events[0] && one.Where?.Text == other.Where?.Text
        && (one.Property is null || other.Property is null || one.Property == other.Property);

    private PurchaseReading Clv(Fields fields, string path)
    {
        PurchaseMethod? method = fields.Text("method") switch
        {
            "simple" => PurchaseMethod.Simple,
            "bgnbd" => PurchaseMethod.BgNbd,
            _ => null,
        };
        if (fields.Has("years") && method == PurchaseMethod.BgNbd)
            faults.Add(fields.Node("years")!.Mark, $"{path}.years: belongs to the method simple; bgnbd looks as far as its horizon");
        int give = Math.Max(0, Array.IndexOf(PurchaseShape.ClvGives, fields.Text("give") ?? "value"));
        return new PurchaseReading((PurchaseGive)give)
        {
            Method = method,
            HorizonDays = (fields.Duration("horizon") ?? 365 * 86_400_000L) / 86_400_000.0,
            Years = fields.Number("years"),
            Buying = Buying(fields),
            Spending = Spending(fields),
        };
    }

    private PurchaseReading Rfm(Fields fields, string path)
    {
        Fields cuts = fields.Map("cuts", PurchaseShape.RfmCuts);
        int give = Array.IndexOf(PurchaseShape.RfmGives, fields.Text("give") ?? "score");
        return new PurchaseReading(PurchaseGive.RecencyScore + (byte)(give < 0 ? 3 : give))
        {
            Cuts = new RfmCuts(Four(cuts, "recency", path), Four(cuts, "frequency", path), Four(cuts, "monetary", path)),
        };
    }

    private IReadOnlyList<double>? Four(Fields cuts, string key, string path)
    {
        double[] numbers = [.. cuts.Items(key).Select(item => new NumberShape(-1e15, 1e15).Read(item)).OfType<double>()];
        if (numbers.Length != 4)
            return null;
        for (int i = 1; i < 4; i++)
        {
            if (numbers[i] >= numbers[i - 1])
                continue;
            faults.Add(cuts.Items(key)[i].Mark, FormattableString.Invariant($"{path}.cuts.{key}: {numbers[i]} stands after {numbers[i - 1]}; cuts may not fall"));
            return null;
        }

        return numbers;
    }

    private static BgNbd? Buying(Fields fields)
    {
        Fields given = fields.Map("parameters", PurchaseShape.Parameters);
        return given.Number("r") is { } r && given.Number("alpha") is { } alpha && given.Number("a") is { } a && given.Number("b") is { } b ? new BgNbd(r, alpha, a, b) : null;
    }

    private static GammaGamma? Spending(Fields fields)
    {
        Fields given = fields.Map("parameters", PurchaseShape.Parameters);
        return given.Number("p") is { } p && given.Number("q") is { } q && given.Number("gamma") is { } gamma ? new GammaGamma(p, q, gamma) : null;
    }
}
