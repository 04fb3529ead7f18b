using StreamInsight.Definitions;
using Xunit;

namespace StreamInsight.Tests.Definitions;

public sealed class ModelWarningTests
{
    [Theory]
    [InlineData("{ from: a, to: b, when: \"x > 1\" }", "{ from: b, to: a, when: \"x  >  1\" }", "both have the same condition")]
    [InlineData("{ from: a, to: b, when: \"true\" }", "{ from: b, to: a, when: true }", "both are always true")]
    [InlineData("{ from: a, to: b, after: 0s }", "{ from: b, to: a, when: true }", "both are always true")]
    [InlineData("{ from: \"*\", to: a, when: x }", "{ from: \"*\", to: b, when: x }", "both have the same condition")]
    [InlineData("{ from: \"*\", to: a, when: x }", "{ from: a, to: b, when: x }", "both have the same condition")]
    public void Transitions_that_lead_back_and_forth_are_warned_about(string first, string second, string message)
    {
        var warning = Assert.Single(WarningsOf(first, second));
        Assert.Contains(message, warning.Message);
        Assert.Equal(8, warning.Mark.Line);
    }

    [Theory]
    [InlineData("{ from: a, to: b, when: x }", "{ from: b, to: a, when: \"!x\" }")]
    [InlineData("{ from: a, to: b, when: x, min_dwell: 1d }", "{ from: b, to: a, when: x, min_dwell: 1d }")]
    [InlineData("{ from: a, to: b, after: 1d }", "{ from: b, to: a, after: 1d }")]
    [InlineData("{ from: a, to: b, when: event.name == \"x\" }", "{ from: b, to: a, when: event.name == \"x\" }")]
    [InlineData("{ from: a, to: b, when: x }", "{ from: b, to: c, when: x }")]
    public void Transitions_that_are_meant_so_are_not(string first, string second) => Assert.Empty(WarningsOf(first, second));

    [Fact]
    public void A_transition_to_itself_is_warned_about() =>
        Assert.Contains("never taken", Assert.Single(WarningsOf("{ from: a, to: a, when: x }", "{ from: a, to: b, when: y }")).Message);

    [Theory]
    [InlineData("segments: { s: { when: \"x > 1\", exit: \"x>1\" } }", "nobody ever enters")]
    [InlineData("segments: { s: { when: \"x > 1\", exit: true } }", "nobody ever enters")]
    [InlineData("segments: { s: { when: x } }\ntriggers: { t: { on: entered(s) } }", "delivered to nobody")]
    [InlineData("events: { e: { name: E } }\nfeatures: { f: { last_k: e.channel, k: 100, window: 1d } }", "only 64 entries are kept")]
    public void What_can_hardly_be_meant_is_warned_about_and_read(string end, string message)
    {
        var faults = new List<ModelFault>();
        Assert.NotNull(ModelReader.Read($"model: m\nversion: 1\n{end}", faults));
        var warning = Assert.Single(faults);
        Assert.True(warning.IsWarning);
        Assert.Contains(message, warning.Message);
    }

    private static List<ModelFault> WarningsOf(string first, string second)
    {
        var faults = new List<ModelFault>();
        var model = ModelReader.Read(
            $"model: m\nversion: 1\njourney:\n  initial: a\n  stages: [a, b, c]\n  transitions:\n    - {first}\n    - {second}\n", faults);
        Assert.True(model is not null, string.Join("\n", faults));
        Assert.All(faults, f => Assert.True(f.IsWarning));
        return faults;
    }
}
