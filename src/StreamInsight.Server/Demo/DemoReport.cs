using System.Globalization;
using System.Text;

namespace StreamInsight.Server.Demo;

/// <summary>The demo's lines for a log file or a pipe: one while it runs every few seconds, and the summary at the end (in a terminal too).</summary>
public static class DemoReport
{
    private const int SegmentsALine = 5;

    /// <summary>One line: where the simulated day is, what came in, and the segments that moved most since <paramref name="before"/> (null = since the start).</summary>
    public static string Line(DemoFigures figures, DemoFigures? before)
    {
        var line = new StringBuilder();
        line.Append(DemoText.Date(figures.NowMs));
        if (figures.PastRead < 1)
            line.Append(CultureInfo.InvariantCulture, $"  past {figures.PastRead:P0}");
        line.Append($"  events {DemoText.Count(figures.Events)} ({DemoText.Rate(figures.EventsPerSecond)}/s)  customers {DemoText.Count(figures.Customers)}");
        line.Append($"  facts {DemoText.Count(figures.Facts.Sum(kind => kind.Value))}  refused {DemoText.Count(figures.Refused.Sum(reason => reason.Value))}");
        if (figures.LatencyP99 is not null)
            line.Append("  ").Append(DemoText.Latency(figures));
        var moved = figures.Segments.Select((segment, i) => (segment, Moves: Moves(segment, before?.Segments[i])));
        foreach (var (segment, (entered, left)) in moved.Where(m => m.Moves != default).OrderByDescending(m => m.Moves.Entered + m.Moves.Left).Take(SegmentsALine))
            line.Append(CultureInfo.InvariantCulture, $"  {segment.Segment} {segment.Members:N0} (+{entered:N0} −{left:N0})");
        if (figures.Triggers.Count > 0)
            line.Append($"  last trigger {figures.Triggers[0].Trigger} {figures.Triggers[0].Customer}");
        return line.ToString();
    }

    private static (long Entered, long Left) Moves(SegmentFigures now, SegmentFigures? before) =>
        (now.Entered - (before?.Entered ?? 0), now.Left - (before?.Left ?? 0));

    /// <summary>What happened, and whether it adds up.</summary>
    public static string Summary(DemoFigures figures)
    {
        var text = new StringBuilder();
        text.AppendLine($"{DemoText.Count(figures.Events)} events of {DemoText.Count(figures.Customers)} customers, until {DemoText.Date(figures.NowMs)} (simulated).");
        text.AppendLine("Facts: " + Listed(figures.Facts) + (figures.Expired > 0 ? $"; {DemoText.Count(figures.Expired)} triggers not sent, older than their max_age" : "") + ".");
        text.AppendLine("Refused: " + Listed(figures.Refused) + ".");
        if (figures.Stages.Count > 0)
            text.AppendLine("Journey: " + Listed(figures.Stages.Select(stage => KeyValuePair.Create(stage.Stage, stage.Customers))) + ".");
        var goesOn = figures.Segments.Any(segment => segment.Before > 0);
        text.AppendLine($"Segments: {(goesOn ? "before + " : "")}entered − left = members");
        var width = figures.Segments.Select(segment => segment.Segment.Length).DefaultIfEmpty().Max();
        foreach (var segment in figures.Segments)
        {
            var difference = segment.Before + segment.Entered - segment.Left - segment.Members;
            var verdict = difference == 0 ? "" : $"   WRONG BY {difference}: please report this";
            var before = goesOn ? string.Create(CultureInfo.InvariantCulture, $" {segment.Before,7:N0} +") : "";
            text.AppendLine(CultureInfo.InvariantCulture,
                $"  {segment.Segment.PadRight(width)}{before} {segment.Entered,8:N0} − {segment.Left,7:N0} = {segment.Members,7:N0}   ({segment.LeftByTime:N0} left because time passed){verdict}");
        }
        return text.ToString();
    }

    private static string Listed(IEnumerable<KeyValuePair<string, long>> counts)
    {
        var listed = string.Join(", ", counts.Select(count => $"{count.Key} {DemoText.Count(count.Value)}"));
        return listed.Length == 0 ? "none" : listed;
    }
}
