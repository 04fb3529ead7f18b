using System.Globalization;

namespace StreamInsight.Server.Demo;

/// <summary>Numbers and dates as the demo prints them.</summary>
internal static class DemoText
{
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Rate(double value) => value.ToString(value < 10 ? "0.0" : "N0", CultureInfo.InvariantCulture);

    public static string Date(long atMs) =>
        DateTimeOffset.FromUnixTimeMilliseconds(atMs).ToString("ddd d MMM yyyy HH:mm", CultureInfo.InvariantCulture);

    public static string Time(long atMs) =>
        DateTimeOffset.FromUnixTimeMilliseconds(atMs).ToString("d MMM HH:mm", CultureInfo.InvariantCulture);

    /// <summary>What one real second is in the simulation: <c>1 s = 10 min</c>.</summary>
    public static string Speed(double speed) => speed switch
    {
        < 1.5 => "real time",
        < 120 => string.Create(CultureInfo.InvariantCulture, $"1 s = {speed:0} s"),
        < 7_200 => string.Create(CultureInfo.InvariantCulture, $"1 s = {speed / 60:0} min"),
        < 172_800 => string.Create(CultureInfo.InvariantCulture, $"1 s = {speed / 3_600:0.#} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"1 s = {speed / 86_400:0.#} days"),
    };

    public static string Latency(DemoFigures figures) => figures is { LatencyP50: { } p50, LatencyP99: { } p99 }
        ? string.Create(CultureInfo.InvariantCulture, $"p50 {p50:0.0} ms, p99 {p99:0.0} ms")
        : "not measured yet";
}
