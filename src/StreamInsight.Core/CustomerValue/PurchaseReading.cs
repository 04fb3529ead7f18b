namespace StreamInsight.CustomerValue;

/// <summary>What a feature gives of a history on a day. NaN = nothing to give: parameters or cuts that it needs are not there.</summary>
public sealed record PurchaseReading(PurchaseGive Give)
{
    private const double DaysPerYear = 365;

    /// <summary>Null = the reading needs none.</summary>
    public PurchaseMethod? Method { get; init; }

    /// <summary>How far ahead expectations look.</summary>
    public double HorizonDays { get; init; } = DaysPerYear;

    /// <summary>Of the simple method; null = the horizon.</summary>
    public double? Years { get; init; }

    public BgNbd? Buying { get; init; }

    public GammaGamma? Spending { get; init; }

    public RfmCuts? Cuts { get; init; }

    /// <summary>A whole number rather than a double.</summary>
    public bool IsWhole => Give is PurchaseGive.Frequency or >= PurchaseGive.RecencyScore;

    /// <summary>Changes from day to day though nothing is bought.</summary>
    public bool Moves => Give is PurchaseGive.Value or PurchaseGive.PAlive or PurchaseGive.ExpectedPurchases or PurchaseGive.Age or PurchaseGive.RecencyScore or PurchaseGive.RfmScore;

    public double On(PurchaseHistory history, long today)
    {
        BuyingHistory buying = history.AsOf(today);
        return Give switch
        {
            PurchaseGive.Value => IsSimple ? SimpleValue(history, buying) : ExpectedPurchases(buying) * ExpectedSpend(history, buying),
            PurchaseGive.PAlive => Buying?.Alive(buying) ?? double.NaN,
            PurchaseGive.ExpectedPurchases => IsSimple ? PerYear(history, buying) * YearsAhead : ExpectedPurchases(buying),
            PurchaseGive.ExpectedSpend => IsSimple ? history.Spend / history.Days : ExpectedSpend(history, buying),
            PurchaseGive.Frequency => buying.Frequency,
            PurchaseGive.Recency => buying.Recency,
            PurchaseGive.Age => buying.Age,
            PurchaseGive.Monetary => buying.Frequency > 0 ? history.RepeatSpend / buying.Frequency : double.NaN,
            PurchaseGive.RecencyScore => Recency(history, today),
            PurchaseGive.FrequencyScore => Frequency(history),
            PurchaseGive.MonetaryScore => Monetary(history),
            _ => (100 * Recency(history, today)) + (10 * Frequency(history)) + Monetary(history),
        };
    }

    private bool IsSimple => Method == PurchaseMethod.Simple;

    private double YearsAhead => Years ?? (HorizonDays / DaysPerYear);

    private double SimpleValue(PurchaseHistory history, in BuyingHistory buying) => PerYear(history, buying) * (history.Spend / history.Days) * YearsAhead;

    /// <summary>A customer of less than a year is taken to have bought a year's purchases: who bought yesterday does not buy every day.</summary>
    private static double PerYear(PurchaseHistory history, in BuyingHistory buying) => history.Days / Math.Max(1, buying.Age * 7 / DaysPerYear);

    private double ExpectedPurchases(in BuyingHistory buying) => Buying?.Expected(buying, HorizonDays / 7) ?? double.NaN;

    private double ExpectedSpend(PurchaseHistory history, in BuyingHistory buying) =>
        Spending?.Expected(buying.Frequency, buying.Frequency > 0 ? Math.Max(0, history.RepeatSpend / buying.Frequency) : 0) ?? double.NaN;

    private double Recency(PurchaseHistory history, long today) => RfmCuts.Low(today - history.LastDay, Cuts?.Recency);

    private double Frequency(PurchaseHistory history) => RfmCuts.High(history.Days, Cuts?.Frequency);

    private double Monetary(PurchaseHistory history) => RfmCuts.High(history.Spend, Cuts?.Monetary);
}
