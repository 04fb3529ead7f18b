namespace StreamInsight.CustomerValue;

/// <summary>
/// What the value models know of one customer, counted in days that had a purchase; times are weeks. <c>default</c> = bought once, just now.
/// </summary>
/// <param name="Frequency">x: repeat days, which is days with a purchase less one.</param>
/// <param name="Recency">t_x: from the first to the last of them.</param>
/// <param name="Age">T: from the first to now.</param>
public readonly record struct BuyingHistory(double Frequency, double Recency, double Age);
