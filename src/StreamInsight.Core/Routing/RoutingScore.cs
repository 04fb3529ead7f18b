namespace StreamInsight.Routing;

/// <summary>The score of a routing decision, 0 to 1000, higher first: how it is brought into range, and spread over steps.</summary>
public static class RoutingScore
{
    public const double Max = 1000;

    /// <summary>Into 0 … 1000; what is not a number is 0, as if nothing were known.</summary>
    public static double Clamp(double score) => double.IsNaN(score) ? 0 : Math.Clamp(score, 0, Max);

    /// <summary>0 … <paramref name="steps"/> in equal proportion, rounded to the nearest; never falls when the score rises.</summary>
    internal static int Spread(double score, int steps) => (int)Math.Round(Clamp(score) * steps / Max, MidpointRounding.AwayFromZero);

    /// <summary>0 … <paramref name="bands"/> - 1, bands of equal width, the top one with its upper end; never falls when the score rises.</summary>
    internal static int Band(double score, int bands) => Math.Min(bands - 1, (int)(Clamp(score) * bands / Max));
}
