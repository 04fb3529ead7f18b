using System.Text;
using StreamInsight.Definitions;
using Xunit;

namespace StreamInsight.Tests.Definitions;

public sealed class YamlRulesTests
{
    [Theory]
    [InlineData("yes")]
    [InlineData("no")]
    [InlineData("on")]
    [InlineData("off")]
    [InlineData("2026-03-01")]
    [InlineData("12:30:00")]
    public void Words_that_older_YAML_made_something_else_of_are_text(string word)
    {
        var model = Good($"model: m\nversion: 1\nevents: {{ a: {{ name: {word} }} }}");
        Assert.Equal(word, model.Events[0].WireName);
    }

    [Fact]
    public void A_plain_true_or_number_is_an_expression()
    {
        var model = Good("model: m\nversion: 1\nsegments: { a: { when: true }, b: { when: True } }\nfeatures: { c: { expr: 1.5 } }");
        Assert.Equal(["true", "true"], model.Segments.Select(s => s.When.Text));
        Assert.Equal("1.5", model.Features[0].Expression!.Text);
    }

    [Fact]
    public void An_empty_section_is_as_if_it_were_not_there()
    {
        var model = Good("model: m\nversion: 1\ntraits:\nevents:\nfeatures: ~\nsegments: null\ntriggers: {}\nsubscribers:\n");
        Assert.Empty(model.Features);
    }

    [Fact]
    public void Zero_needs_no_unit()
    {
        var model = Good("model: m\nversion: 1\nlateness: 0\njourney: { initial: a, stages: [a, b], transitions: [{ from: a, to: b, after: 0s }] }");
        Assert.Equal(0, model.LatenessMs);
        Assert.Equal(0, model.Journey!.Transitions[0].AfterMs);
    }

    [Theory]
    [InlineData("model: m\nversion: 1\nsegments:\n  a: { when: !features.x }", 4, 14, "YAML reads a leading ! as a tag")]
    [InlineData("model: m\nversion: 1\nsegments:\n  a: { when: *x }", 4, 14, "an alias to YAML")]
    [InlineData("model: m\nversion: 1\nsegments:\n  a: { when: &x y }", 4, 14, "an anchor to YAML")]
    [InlineData("model: m\nversion: 1\nsegments:\n  a: { when: a ? b : c }", 4, 20, "must stand in quotes")]
    [InlineData("model: m\nversion: 1\nsegments:\n  a:\n    when: a ? b : c", 5, 17, "must stand in quotes")]
    [InlineData("model: m\nversion: 1\nsegments:\n  a: { when: x in [1, 2] }", 4, 19, "must stand in quotes")]
    [InlineData("model: m\nversion: 1\nsegments:\n  a: { when: \"x }", 4, 14, "not valid YAML")]
    [InlineData("model: m\nversion: 1\nsegments:\n  a: { when: \"x\"\n  b: { when: \"y\" }", 4, 12, "not valid YAML")]
    [InlineData("model: m\nversion: 1\nsegments:\n\ta: { when: \"x\" }", 4, 1, "Indent with spaces")]
    [InlineData("model: m\nversion: 1\n---\nmodel: n\n", 3, 1, "a second document")]
    [InlineData("model: m\nversion: 1\nversion: 2", 3, 1, "is repeated; it stands at 2:1 already")]
    [InlineData("model: m\nversion: 1\n? [a, b]\n: c", 3, 3, "a key must be a name, not a list")]
    [InlineData("model: m\nversion: 1\n<<: { zone: UTC }", 3, 1, "unknown key \"<<\"")]
    [InlineData("model: \"m\u0001\"\nversion: 1", 1, 10, "U+0001")]
    public void What_YAML_makes_of_a_text_that_was_not_meant_so_is_told(string yaml, int line, int column, string message)
    {
        var faults = Faults(yaml);
        Assert.True(faults.Count == 1, string.Join("\n", faults));
        Assert.Contains(message, faults[0].Message);
        Assert.Equal(new Mark(line, column), faults[0].Mark);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_refused() => Assert.Contains("U+D800", Assert.Single(Faults("model: m\ud800\nversion: 1")).Message);

    [Fact]
    public void A_bare_star_is_told_to_be_quoted()
    {
        var faults = Faults("model: m\nversion: 1\njourney:\n  initial: a\n  stages: [a, b]\n  transitions:\n    - { from: *, to: b, after: 1d }\n    - { from: a, to: bb, after: 1d }");
        Assert.Equal([new Mark(7, 15), new Mark(8, 22)], faults.Select(f => f.Mark));
        Assert.Contains("\"*\"", faults[0].Message);
        Assert.StartsWith("journey.transitions[1].to", faults[1].Message);
    }

    [Fact]
    public void Reading_goes_on_after_a_line_that_is_no_YAML()
    {
        var faults = Faults(
            """
            model: m
            version: 1
            events:
              view: { name: Viewed: x }
            features:
              a: { count: view }
              b: { count: vew }
            segments:
              s: { when: a ? b : c }
              t: { wen: "x" }
            """);
        Assert.Equal([4, 7, 9, 10, 10], faults.Select(f => f.Mark.Line));
    }

    [Fact]
    public void A_laughing_billion_is_refused_at_once()
    {
        var yaml = new StringBuilder("a: &a [x, x, x, x, x, x, x, x, x, x]\n");
        for (var c = 'b'; c <= 'z'; c++)
            yaml.Append($"{c}: &{c} [{string.Join(", ", Enumerable.Repeat($"*{(char)(c - 1)}", 10))}]\n");
        var faults = Faults(yaml.ToString());
        Assert.Contains(faults, f => f.Message.Contains("anchor"));
        Assert.Contains(faults, f => f.Message.Contains("alias"));
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    public void Deep_nesting_is_refused_at_once(string open)
    {
        var prefix = open is "- " or "? " ? "" : "a: ";
        var faults = Faults(prefix + string.Concat(Enumerable.Repeat(open, 200_000)));
        Assert.NotEmpty(faults);
    }

    [Fact]
    public void A_file_of_more_than_a_mebibyte_is_refused()
    {
        var yaml = "model: m\nversion: 1\n" + new string('#', ModelReader.MaxBytes);
        Assert.Contains("more than 1048576 bytes", Assert.Single(Faults(yaml)).Message);
    }

    [Fact]
    public void A_byte_order_mark_is_passed_over()
    {
        var bytes = new byte[] { 0xEF, 0xBB, 0xBF }.Concat("model: m\nversion: 1\n"u8.ToArray()).ToArray();
        Assert.NotNull(ModelReader.Read(bytes, []));
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_refused_with_their_place()
    {
        var faults = new List<ModelFault>();
        Assert.Null(ModelReader.Read([.. "model: m\nzone: é"u8, 0xFF], faults));
        Assert.Equal(new Mark(2, 8), Assert.Single(faults).Mark);
    }

    [Theory]
    [InlineData('\u0085')]
    [InlineData('\u2028')]
    [InlineData('\u2029')]
    public void Separators_that_no_editor_counts_as_lines_are_refused(char separator) =>
        Assert.Equal(new Mark(2, 11), Assert.Single(Faults($"model: m\nversion: 1{separator}\n")).Mark);

    [Fact]
    public void Lines_may_end_as_old_Macs_ended_them() => Assert.Equal(new Mark(3, 1), Assert.Single(Faults("model: m\rversion: 1\rzonne: UTC\r")).Mark);

    [Fact]
    public void Lines_may_end_as_Windows_ends_them()
    {
        Assert.Equal(new Mark(3, 1), Assert.Single(Faults("model: m\r\nversion: 1\r\nzonne: UTC\r\n")).Mark);
    }

    private static List<ModelFault> Faults(string yaml)
    {
        var faults = new List<ModelFault>();
        Assert.Null(ModelReader.Read(yaml, faults));
        return faults;
    }

    private static ModelDefinition Good(string yaml)
    {
        var faults = new List<ModelFault>();
        var model = ModelReader.Read(yaml, faults);
        Assert.True(model is not null, string.Join("\n", faults));
        return model;
    }
}
