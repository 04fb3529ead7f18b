namespace StreamInsight.Server.Demo;

/// <summary>How one kind of customer lives: rates and chances the scripts draw from.</summary>
/// <param name="Name">As it appears in tests and comments; never in a message.</param>
/// <param name="Share">Of the first population.</param>
/// <param name="VisitsPerWeek">Visits to web, app or store.</param>
/// <param name="BuyChance">That a visit ends in an order.</param>
/// <param name="CallsPerWeek">Calls to the contact centre without a reason of their own.</param>
/// <param name="PaymentFailure">That paying fails the first time.</param>
/// <param name="Mood">0 to 10, where it settles when nothing happens.</param>
/// <param name="Fading">Days after which visits have halved; 0 = they do not fade.</param>
/// <param name="Channels">Weights of web, app, store.</param>
/// <param name="ReadsMail">Chance that a campaign is opened.</param>
public sealed record Persona(
    string Name, double Share, double VisitsPerWeek, double BuyChance, double CallsPerWeek, double PaymentFailure, double Mood, double Fading,
    double[] Channels, double ReadsMail)
{
    public static readonly Persona Browser = new("browser", 0.34, 2.6, 0.04, 0.05, 0.03, 6.5, 0, [6, 3, 0], 0.10);
    public static readonly Persona LoyalBuyer = new("loyal buyer", 0.20, 2.4, 0.48, 0.08, 0.02, 9.0, 0, [4, 5, 1], 0.25);
    public static readonly Persona BargainHunter = new("bargain hunter", 0.16, 1.8, 0.13, 0.08, 0.05, 6.5, 0, [5, 5, 0], 0.60);
    public static readonly Persona FrustratedCaller = new("frustrated caller", 0.10, 1.2, 0.20, 1.1, 0.22, 4.0, 0, [5, 3, 0], 0.05);
    public static readonly Persona Churner = new("churner", 0.12, 2.2, 0.25, 0.20, 0.08, 5.0, 25, [5, 4, 0], 0.08);
    public static readonly Persona StoreRegular = new("store regular", 0.08, 0.9, 0.45, 0.15, 0.01, 8.0, 0, [1, 0, 9], 0.05);

    /// <summary>Comes anonymously, looks around, and may or may not say who it is one day.</summary>
    public static readonly Persona NewVisitor = new("new visitor", 0, 4.0, 0, 0, 0.04, 7.0, 12, [7, 3, 0], 0);

    /// <summary>Those a known customer can be.</summary>
    public static readonly Persona[] Known = [Browser, LoyalBuyer, BargainHunter, FrustratedCaller, Churner, StoreRegular];
}
