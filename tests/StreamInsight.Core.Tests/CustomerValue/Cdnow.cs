using System.Globalization;
using Xunit.Abstractions;

namespace StreamInsight.CustomerValue;

/// <summary>The CDNOW sample, where it is at hand: purchases per customer and day.</summary>
internal static class Cdnow
{
    public static readonly DateOnly CalibrationEnd = new(1997, 9, 30);

    /// <summary>By customer, dollars by day; null where the data is not there, which the test's output says.</summary>
    public static List<SortedDictionary<DateOnly, double>>? Load(ITestOutputHelper output)
    {
        string path = Path.Combine(SharedFolder(), "data", "cdnow", "CDNOW_sample.txt");
        if (!File.Exists(path))
        {
            output.WriteLine($"Skipped: {path} is not there.");
            return null;
        }

        var customers = new SortedDictionary<string, SortedDictionary<DateOnly, double>>(StringComparer.Ordinal);
        foreach (string line in File.ReadLines(path))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 5)
                continue;
            DateOnly day = DateOnly.ParseExact(fields[2], "yyyyMMdd", CultureInfo.InvariantCulture);
            if (!customers.TryGetValue(fields[1], out SortedDictionary<DateOnly, double>? days))
                customers[fields[1]] = days = [];
            days[day] = days.GetValueOrDefault(day) + double.Parse(fields[4], CultureInfo.InvariantCulture);
        }

        return [.. customers.Values];
    }

    /// <summary>A customer as of the end of the calibration period, days after it left out.</summary>
    public static (BuyingHistory History, double MeanSpend) Calibration(SortedDictionary<DateOnly, double> days)
    {
        var until = days.Where(day => day.Key <= CalibrationEnd).ToList();
        DateOnly first = until[0].Key;
        var history = new BuyingHistory(until.Count - 1, (until[^1].Key.DayNumber - first.DayNumber) / 7.0, (CalibrationEnd.DayNumber - first.DayNumber) / 7.0);
        return (history, until.Count > 1 ? until.Skip(1).Average(day => day.Value) : 0);
    }

    private static string SharedFolder()
    {
        if (Environment.GetEnvironmentVariable("STREAMINSIGHT_SHARED") is { Length: > 0 } given)
            return given;
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "StreamInsight.sln")))
            folder = folder.Parent;
        return Path.GetFullPath(Path.Combine(folder?.FullName ?? ".", "..", "shared"));
    }
}
