using StreamInsight.Pipeline.Replay;
using StreamInsight.Server.Commands;
using StreamInsight.Server.Demo;
using StreamInsight.Server.Tests.Setting;

namespace StreamInsight.Server.Tests.Demo;

public class MishapsTests
{
    [Fact]
    public void Every_reason_that_a_stranger_can_cause_comes_up_and_no_other()
    {
        using var folder = new TempFolder();
        var file = new FileInfo(folder.File("events.jsonl"));
        var options = new SimulationOptions();
        DemoLogFile.Write(file, new Simulation(options), options.StartMs + 25 * 86_400_000L);

        var model = ModelFile.Load(new FileInfo(Path.Combine(AppContext.BaseDirectory, "samples", "telco-care.yaml")));
        using var events = file.OpenRead();
        var summary = new ReplayRunner(new ReplayOptions { Model = model, Events = events }).Run();

        string[] reasons =
        [
            "too_large", "too_deep", "not_json", "no_type", "no_event_name", "no_identity", "bad_timestamp", "bad_property", "future", "late", "duplicate",
        ];
        Assert.Equal(reasons.Order(), Reasons(summary).Order());
        Assert.True(summary.Events > 40_000);
    }

    private static IEnumerable<string> Reasons(ReplaySummary summary) =>
        StreamInsight.Events.RefusalReason.All.Where(reason => summary.Refused[(int)reason] > 0).Select(StreamInsight.Events.RefusalReason.Reason);
}
