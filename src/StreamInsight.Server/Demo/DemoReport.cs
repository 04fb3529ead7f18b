using System.Globalization;
using System.Text;

namespace StreamInsight.Server.Demo;

/// <summary>The demo's lines for a log file or a pipe: one while it runs every few seconds, and the summary at the end (in a terminal too).</summary>
public static class DemoReport
{
    /// <summary>One line: where the simulated day is, what came in, where customers are.</summary>
    public static string Line(DemoFigures figures)
    {
        var line = new StringBuilder();
        line.Append(DemoText.Date(figures.NowMs));
        if (figures.PastRead < 1)
            line.Append(CultureInfo.InvariantCulture, $"  past {figures.PastRead:P0}");
        line.Append($"  events {DemoText.Count(figures.Events)} ({DemoText.Rate(figures.EventsPerSecond)}/s)  customers {DemoText.Count(figures.Customers)}");
        foreach (var segment in figures.Segments)
            line.Append($"  {segment.Segment} {segment.Members} (+{segment.Entered} −{segment.Left})");
        line.Append($"  refused {DemoText.Count(figures.Refused.Sum(reason => reason.Value))}");
        if (figures.LatencyP99 is not null)
            line.Append("  ").Append(DemoText.Latency(figures));
        if (figures.Triggers.Count > 0)
            line.Append($"  last trigger {figures.Triggers[0].Trigger} {figures.Triggers[0].Customer}");
        return line.ToString();
    }

    /// <summary>What happened, and whether it adds up.</summary>
    public static string Summary(DemoFigures figures)
    {
        var text = new StringBuilder();
        text.AppendLine($"{DemoText.Count(figures.Events)} events of {DemoText.Count(figures.Customers)} customers, until {DemoText.Date(figures.NowMs)} (simulated).");
        text.AppendLine("Facts: " + Listed(figures.Facts) + ".");
        text.AppendLine("Refused: " + Listed(figures.Refused) + ".");
        if (figures.Stages.Count > 0)
            text.AppendLine("Journey: " + Listed(figures.Stages.Select(stage => KeyValuePair.Create(stage.Stage, stage.Customers))) + ".");
        text.AppendLine("Segments: entered − left = members");
        var width = figures.Segments.Select(segment => segment.Segment.Length).DefaultIfEmpty().Max();
        foreach (var segment in figures.Segments)
        {
            var difference = segment.Entered - segment.Left - segment.Members;
            var verdict = difference == 0 ? "" : $"   WRONG BY {difference}: please report this";
            text.AppendLine(CultureInfo.InvariantCulture,
                $"  {segment.Segment.PadRight(width)} {segment.Entered,8:N0} − {segment.Left,7:N0} = {segment.Members,7:N0}   ({segment.LeftByTime:N0} left because time passed){verdict}");
        }
        return text.ToString();
    }

    private static string Listed(IEnumerable<KeyValuePair<string, long>> counts)
    {
        var listed = string.Join(", ", counts.Select(count => $"{count.Key} {DemoText.Count(count.Value)}"));
        return listed.Length == 0 ? "none" : listed;
    }
}
