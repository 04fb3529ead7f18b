using Spectre.Console;
using StreamInsight.Server.Demo;
using Xunit;

namespace StreamInsight.Server.Tests.Demo;

public class DemoScreenTests
{
    private static readonly DemoFigures Figures = new()
    {
        NowMs = 1_767_571_200_000 + 55_000_000,
        Speed = 600,
        Events = 253_679,
        EventsPerSecond = 117.6,
        Customers = 1_272,
        Stages = [new("awareness", 410), new("consideration", 230), new("decision", 61), new("post_purchase", 402), new("loyal", 99), new("at_risk", 70)],
        Segments = [new("high_value", 371, 512, 141, 88), new("promoter", 407, 500, 93, 0), new("frustrated", 130, 1_400, 1_270, 1_100), new("save_me", 0, 9, 9, 2)],
        Triggers =
        [
            new(1_767_571_200_000, "save_me_entered", "u1023", "event:m-0000abcd", """{"features.clv":120.5,"features.last_agent":"agent-ana"}"""),
            new(1_767_571_100_000, "stage_changed", "u1007", "timer", "{}"),
        ],
        Refused = [new("late", 31), new("duplicate", 12), new("not_json", 2)],
        Facts = [new("segment_entered", 2_421), new("segment_left", 1_513), new("stage_changed", 900), new("trigger", 400)],
        LatencyP50 = 3.2,
        LatencyP99 = 11.9,
        Places = ["API http://127.0.0.1:8080", "Redis 127.0.0.1:6379"],
    };

    [Theory]
    [InlineData(80, 24)]
    [InlineData(80, 50)]
    [InlineData(100, 24)]
    [InlineData(100, 40)]
    [InlineData(120, 30)]
    [InlineData(200, 60)]
    public void The_picture_fits_its_terminal(int width, int height)
    {
        var lines = Drawn(Figures, width, height);
        Assert.True(lines.Length <= height, $"{lines.Length} lines");
        Assert.All(lines, line => Assert.True(line.Length <= width, line));
        Assert.Contains(lines, line => line.Contains("frustrated"));
        Assert.All(Figures.Stages, stage => Assert.Contains(lines, line => line.Contains(stage.Stage)));
        Assert.Contains(lines, line => line.Contains("save_me_entered") && line.Contains("u1023"));
    }

    [Fact]
    public void Where_not_all_segments_have_room_the_busiest_are_shown()
    {
        var many = Figures with { Segments = [.. Enumerable.Range(1, 30).Select(i => new SegmentFigures("segment_" + i, i, 10 * i, 9 * i, i))] };
        var lines = Drawn(many, 120, 30);
        Assert.True(lines.Length <= 30, $"{lines.Length} lines");
        Assert.Contains(lines, line => line.Contains("segment_30 "));
        Assert.DoesNotContain(lines, line => line.Contains("segment_1 "));
    }

    [Theory]
    [InlineData(80)]
    [InlineData(104)]
    [InlineData(160)]
    public void A_trigger_takes_one_line_whatever_it_carries(int width)
    {
        var with = """{"features.spend_90d":411.05,"features.avg_wait_30d":380,"features.last_agent":"agent-emil","traits.name":"Deniz Maria Olsen"}""";
        var figures = Figures with { Triggers = [new(0, "save_me_entered", "u2196", "timer", with), new(0, "cart_reminder", "visitor-786", "event:m-1", with)] };
        var lines = Drawn(figures, width, 40).SkipWhile(line => !line.Contains("Last triggers")).Skip(1).TakeWhile(line => !line.StartsWith('╰'));
        Assert.Equal(2, lines.Count());
    }

    [Fact]
    public void Nothing_measured_yet_is_drawn_as_well() =>
        Assert.Contains(Drawn(new DemoFigures { NowMs = 0, PastRead = 0.25 }, 100, 30), line => line.Contains("25"));

    [Fact]
    public void Text_from_messages_is_never_read_as_markup()
    {
        var figures = Figures with { Triggers = [new(0, "[red]x", "u[/]1", "timer", "[bold]{}")], Places = ["[API]"] };
        Assert.Contains(Drawn(figures, 120, 40), line => line.Contains("u[/]1"));
    }

    [Fact]
    public void The_summary_shows_entered_minus_left_and_says_where_it_does_not_add_up()
    {
        var summary = DemoReport.Summary(Figures);
        Assert.DoesNotContain("WRONG", summary);
        Assert.Contains("1,400 −   1,270 =     130", summary);
        Assert.Contains("WRONG BY 1", DemoReport.Summary(Figures with { Segments = [new("promoter", 406, 500, 93, 0)] }));
    }

    private static string[] Drawn(DemoFigures figures, int width, int height)
    {
        var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = width;
        console.Write(DemoScreen.Draw(figures, width, height));
        return text.ToString().TrimEnd('\n').Split('\n');
    }
}
