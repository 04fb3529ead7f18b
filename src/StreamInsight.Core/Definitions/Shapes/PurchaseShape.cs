using static StreamInsight.Definitions.Shapes.CommonShape;

namespace StreamInsight.Definitions.Shapes;

/// <summary>The maps behind <c>clv</c>, <c>p_alive</c> and <c>rfm</c>. Part of <see cref="ModelShape"/>.</summary>
internal static class PurchaseShape
{
    public static readonly string[] ClvGives = ["value", "p_alive", "expected_purchases", "expected_spend", "frequency", "recency", "age", "monetary"];

    public static readonly string[] RfmGives = ["recency", "frequency", "monetary", "score"];

    public static readonly string[] Methods = ["simple", "bgnbd"];

    private static readonly Shape Event = new TextShape("an event's short name, such as order", $"^{IdentifierPattern}$", 64);

    private static readonly Shape Property = new TextShape("a number of that event, such as order.total", $@"^{IdentifierPattern}\.{IdentifierPattern}$", 130);

    private static readonly Shape Positive = new NumberShape(1e-9, 1e9) { SchemaName = "positive" };

    private static readonly Shape Cuts = new ListShape("numbers that do not fall", new NumberShape(-1e15, 1e15), 4, 4) { SchemaName = "cuts" };

    public static readonly MapShape Parameters = new("parameters of BG/NBD and Gamma-Gamma, the unit of time a week",
        new Key("r", Positive, "BG/NBD: shape of the rate of buying."),
        new Key("alpha", Positive, "BG/NBD: scale of the rate of buying, in weeks."),
        new Key("a", Positive, "BG/NBD: leaving."),
        new Key("b", Positive, "BG/NBD: staying."),
        new Key("p", Positive, "Gamma-Gamma: shape of spend."),
        new Key("q", Positive, "Gamma-Gamma: shape of mean spend over customers."),
        new Key("gamma", Positive, "Gamma-Gamma: scale of mean spend over customers."))
    {
        SchemaName = "value_parameters",
        Needs =
        [
            ("r", ["alpha"]), ("r", ["a"]), ("r", ["b"]), ("alpha", ["r"]), ("a", ["r"]), ("b", ["r"]), ("p", ["q"]), ("p", ["gamma"]), ("q", ["p"]), ("gamma", ["p"]),
        ],
    };

    public static readonly MapShape Clv = new("a customer's value",
        new Key("purchases", Event, "The event that is a purchase.") { IsRequired = true },
        new Key("value", Property, "What a purchase is worth. Purchases without it do not count."),
        new Key("give", new WordShape("a reading", ClvGives), "The value, or a part of it.") { Default = "value" },
        new Key("method", new WordShape("a method", Methods), "simple: purchases per year × average value × years; bgnbd: BG/NBD × Gamma-Gamma. Without: bgnbd if there are parameters."),
        new Key("horizon", LongSpan, "How far ahead it looks.") { Default = "365d" },
        new Key("years", new NumberShape(0.01, 100), "Of simple: expected years. Without: the horizon."),
        new Key("parameters", Parameters, "Of bgnbd; streaminsight fit estimates them. Without: those of another feature over the same purchases."))
    {
        SchemaName = "clv",
    };

    public static readonly MapShape PAlive = new("the chance that a customer still is one",
        new Key("purchases", Event, "The event that is a purchase.") { IsRequired = true },
        new Key("parameters", Parameters, "r, alpha, a and b of BG/NBD. Without: those of another feature over the same purchases."));

    public static readonly MapShape RfmCuts = new("cuts",
        new Key("recency", Cuts, "Days since the last purchase."),
        new Key("frequency", Cuts, "Days with a purchase."),
        new Key("monetary", Cuts, "Spend in all."));

    public static readonly MapShape Rfm = new("an RFM score",
        new Key("purchases", Event, "The event that is a purchase.") { IsRequired = true },
        new Key("value", Property, "What a purchase is worth. Purchases without it do not count."),
        new Key("give", new WordShape("a score", RfmGives), "One score of 1 to 5, or all three: 100·R + 10·F + M.") { Default = "score" },
        new Key("cuts", RfmCuts, "Where the population is cut into fifths; streaminsight fit estimates them. Without: those of another rfm over the same purchases."))
    {
        SchemaName = "rfm",
    };

    public static MapShape Of(string key) => key switch
    {
        "clv" => Clv,
        "p_alive" => PAlive,
        _ => Rfm,
    };
}
