using Spectre.Console;
using Spectre.Console.Rendering;

namespace StreamInsight.Server.Demo;

/// <summary>The demo's picture for a terminal. Pure: figures and a size in, something to draw out.</summary>
public static class DemoScreen
{
    private const int FewestTriggers = 3;
    private const int FewestSegments = 2;
    private const int WideFrom = 100;
    private const int ReasonsShown = 5;

    /// <summary>Lines that are always there: heading, numbers, footer, and the boxes' edges.</summary>
    private const int Frame = 1 + 4 + 2 + 2 + 3;

    public static IRenderable Draw(DemoFigures figures, int width, int height)
    {
        var rows = new List<IRenderable> { Head(figures), Numbers(figures) };
        var room = height - Frame - FewestTriggers; // for the rows of journey and segments
        var shown = Math.Min(Math.Max(room - 1, FewestSegments), figures.Segments.Count);
        if (width >= WideFrom)
        {
            var left = width * 2 / 5;
            rows.Add(Beside(Boxed("Journey", Stages(figures, left)), left, Boxed("Segments", Segments(figures, shown, width - left)), width - left));
            room -= Math.Max(figures.Stages.Count, shown + 1);
        }
        else
        {
            var whole = figures.Stages.Count + 2 + figures.Segments.Count + 1 <= room;
            var journey = whole ? figures.Stages.Count : 2;
            shown = Math.Min(Math.Max(room - journey - 3, FewestSegments), figures.Segments.Count);
            rows.Add(Boxed("Journey", whole ? Stages(figures, width) : new Markup(Listed(figures.Stages.Select(stage => KeyValuePair.Create(stage.Stage, stage.Customers))))));
            rows.Add(Boxed("Segments", Segments(figures, shown, width)));
            room -= journey + 2 + shown + 1;
        }
        rows.Add(Boxed("Last triggers of each kind", Triggers(figures, FewestTriggers + Math.Max(room, 0), width)));
        rows.Add(Foot(figures));
        return new Rows(rows);
    }

    private static IRenderable Head(DemoFigures figures)
    {
        var state = figures.PastRead < 1
            ? $"[yellow]reading in the simulated past: {figures.PastRead:P0}[/]"
            : $"[grey]{DemoText.Speed(figures.Speed)}[/]";
        return new Rule($"[bold]StreamInsight[/]  {DemoText.Date(figures.NowMs)}  {state}").LeftJustified();
    }

    private static IRenderable Numbers(DemoFigures figures)
    {
        var refused = figures.Refused.Sum(reason => reason.Value);
        return new Markup(
            $" events [bold]{DemoText.Count(figures.Events)}[/]  [bold]{DemoText.Rate(figures.EventsPerSecond)}[/]/s   customers [bold]{DemoText.Count(figures.Customers)}[/]" +
            $"   latency [bold]{DemoText.Latency(figures)}[/]\n" +
            $" facts  {Listed(figures.Facts)}\n" +
            $" refused [bold]{DemoText.Count(refused)}[/]  [grey]{Listed(Most(figures.Refused))}[/]");
    }

    private static IEnumerable<KeyValuePair<string, long>> Most(IReadOnlyList<KeyValuePair<string, long>> counts) =>
        counts.Count <= ReasonsShown
            ? counts
            : counts.Take(ReasonsShown - 1).Append(KeyValuePair.Create("others", counts.Skip(ReasonsShown - 1).Sum(count => count.Value)));

    private static string Listed(IEnumerable<KeyValuePair<string, long>> counts) =>
        string.Join("  ", counts.Select(count => $"{Markup.Escape(count.Key)} {DemoText.Count(count.Value)}"));

    private static Table Stages(DemoFigures figures, int width)
    {
        var names = figures.Stages.Select(stage => stage.Stage.Length).DefaultIfEmpty().Max();
        var most = Math.Max(figures.Stages.Select(stage => stage.Customers).DefaultIfEmpty().Max(), 1);
        var table = new Table().NoBorder().HideHeaders().AddColumns("", "", "");
        table.Columns[0].NoWrap();
        table.Columns[1].RightAligned();
        foreach (var stage in figures.Stages)
            table.AddRow($"{Markup.Escape(stage.Stage)}", DemoText.Count(stage.Customers), Bar(stage.Customers, most, width - names - 16, "deepskyblue1"));
        return table;
    }

    /// <summary>Where not all segments have room, the ones with the most coming and going.</summary>
    private static Table Segments(DemoFigures figures, int shown, int width)
    {
        var names = figures.Segments.Select(segment => segment.Segment.Length).DefaultIfEmpty().Max();
        var most = Math.Max(figures.Segments.Select(segment => segment.Members).DefaultIfEmpty().Max(), 1);
        var table = new Table().NoBorder().AddColumns("[grey]segment[/]", "[grey]in it[/]", "[grey]entered[/]", "[grey]left[/]", "[grey]by time[/]", "");
        table.Columns[0].NoWrap();
        for (var i = 1; i <= 4; i++)
            table.Columns[i].RightAligned().NoWrap();
        var busiest = figures.Segments.OrderByDescending(segment => segment.Entered + segment.Left).Take(shown).ToHashSet();
        foreach (var segment in figures.Segments.Where(busiest.Contains))
            table.AddRow(
                Markup.Escape(segment.Segment), $"[bold]{DemoText.Count(segment.Members)}[/]", $"[green]+{DemoText.Count(segment.Entered)}[/]",
                $"[red]−{DemoText.Count(segment.Left)}[/]", $"[grey]{DemoText.Count(segment.LeftByTime)}[/]",
                Bar(segment.Members, most, width - names - 41, "mediumpurple1"));
        return table;
    }

    private static Table Triggers(DemoFigures figures, int rows, int width)
    {
        var shown = figures.Triggers.Take(rows).ToArray();
        var rest = width - 40 - shown.Select(trigger => trigger.Trigger.Length + trigger.Customer.Length).DefaultIfEmpty().Max();
        var table = new Table().NoBorder().HideHeaders().Expand().AddColumns("", "", "", "", "");
        for (var i = 0; i < 4; i++)
            table.Columns[i].NoWrap();
        foreach (var trigger in shown)
            table.AddRow(
                new Text(DemoText.Time(trigger.AtMs), new Style(Color.Grey)), new Text(trigger.Trigger, new Style(Color.Yellow)), new Text(trigger.Customer),
                new Text(trigger.Cause.StartsWith("event", StringComparison.Ordinal) ? "by an event" : "by " + trigger.Cause, new Style(Color.Grey)),
                new Text(Cut(trigger.With, rest)));
        if (figures.Triggers.Count == 0)
            table.AddRow(new Text("none yet", new Style(Color.Grey)));
        return table;
    }

    /// <summary>A table would break the text at a space.</summary>
    private static string Cut(string text, int length) => text.Length <= length ? text : text[..Math.Max(length - 1, 0)] + "…";

    private static IRenderable Foot(DemoFigures figures) =>
        new Rows(
            new Markup("[grey] " + string.Join("  ·  ", figures.Places.Append("Ctrl-C ends it").Select(Markup.Escape)) + "[/]"),
            figures.Warning is { } warning
                ? new Text(" " + warning, new Style(Color.Yellow)) { Overflow = Overflow.Ellipsis }
                : new Text(figures.Try.Count > 0 ? " try: " + figures.Try[0] : "", new Style(Color.Grey)) { Overflow = Overflow.Ellipsis });

    private static string Bar(long value, long most, int room, string color)
    {
        var length = (int)Math.Round((double)value / most * Math.Clamp(room, 4, 40));
        return $"[{color}]{new string('█', Math.Max(length, value > 0 ? 1 : 0))}[/]";
    }

    private static Grid Beside(IRenderable left, int leftWidth, IRenderable right, int rightWidth) =>
        new Grid()
            .AddColumn(new GridColumn().Width(leftWidth).Padding(0, 0))
            .AddColumn(new GridColumn().Width(rightWidth).Padding(0, 0))
            .AddRow(left, right);

    private static Panel Boxed(string title, IRenderable content) =>
        new Panel(content).Header($" {title} ").RoundedBorder().BorderColor(Color.Grey).Expand();
}
