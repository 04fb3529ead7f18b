using System.Diagnostics;
using System.Globalization;
using System.Text;
using StreamInsight.Pipeline.Replay;

namespace StreamInsight.Bench.Touch;

/// <summary>
/// The law that cost grows with what an event touches, not with the model's size: logs of as many events and customers through models of 50 and of 500 segments, where every event touches
/// five, in turn in one process. The smaller model has ten times the customers: there are as many pairs of customer and event name, each with as many entries, timers and turns.
/// </summary>
internal sealed class TouchBench(int events, int customers, int rounds)
{
    private static readonly int[] Sizes = [50, 500];

    /// <summary>The result is a table in Markdown; the first round warms up and does not count.</summary>
    public string Measure()
    {
        (int Size, TouchModel Model, byte[] Log)[] cases = [.. Sizes.Select(size => new TouchModel(size)).Zip(Sizes, (model, size) => (size, model, model.Log(events, customers * Sizes[^1] / size, 7)))];
        List<double>[] times = [.. cases.Select(_ => new List<double>())];
        string[] answers = new string[cases.Length];
        for (int round = 0; round <= rounds; round++)
            for (int i = 0; i < cases.Length; i++)
            {
                GC.Collect();
                long started = Stopwatch.GetTimestamp();
                ReplaySummary summary = new ReplayRunner(new ReplayOptions { Model = cases[i].Model.Model, Events = new MemoryStream(cases[i].Log) }).Run();
                double nanoseconds = Stopwatch.GetElapsedTime(started).TotalNanoseconds / events;
                answers[i] = string.Create(CultureInfo.InvariantCulture, $"{summary.Segments.Sum(s => s.Entered)} entered, {summary.Segments.Sum(s => s.Left)} left");
                if (round > 0)
                    times[i].Add(nanoseconds);
            }

        var table = new StringBuilder("| segments | touched by an event | ns/event, one thread | of the smallest | answer |\n|---:|---:|---:|---:|---|\n");
        for (int i = 0; i < cases.Length; i++)
            table.Append(CultureInfo.InvariantCulture, $"| {cases[i].Size} | {TouchModel.Touched} | {Median(times[i]):F0} | {Median(times[i]) / Median(times[0]):F2} | {answers[i]} |\n");
        return table.ToString();
    }

    private static double Median(List<double> values)
    {
        List<double> sorted = [.. values.Order()];
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
