using StreamInsight.Definitions;
using Xunit;

namespace StreamInsight.Tests.Definitions;

public sealed class ExpressionSourceTests
{
    [Theory]
    [InlineData("      when: abc", "c", 3, 15)]
    [InlineData("      when: \"abc\"", "c", 3, 16)]
    [InlineData("      when: 'abc'", "c", 3, 16)]
    [InlineData("      when: 'a''bc'", "c", 3, 18)]
    [InlineData("      when: \"a\\\"bc\"", "c", 3, 18)]
    [InlineData("      when: \"\\x41\\u0041bc\"", "c", 3, 25)]
    [InlineData("      when: \"\\\\bc\"", "c", 3, 17)]
    public void A_place_within_a_scalar_of_one_line_is_exact(string line, string character, int markLine, int column)
    {
        var when = When(line);
        Assert.Equal(new Mark(markLine, column), when.At(when.Text.IndexOf(character, StringComparison.Ordinal)));
        Assert.Equal(new Mark(markLine, column), when.At(1, when.Text.IndexOf(character, StringComparison.Ordinal) + 1));
        Assert.Equal(column - 1, line.IndexOf(character, 11, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("      when: 😀bc")]
    [InlineData("      when: \"😀bc\"")]
    [InlineData("      when: '😀bc'")]
    [InlineData("      when: \"\\U0001F600bc\"")]
    public void Offsets_count_code_points_and_columns_count_as_editors_do(string line) =>
        Assert.Equal(new Mark(3, line.IndexOf("c", 11, StringComparison.Ordinal) + 1), When(line).At(2));

    [Theory]
    [InlineData("      when: >-\n        a\n        bc")]
    [InlineData("      when: |\n        a\n        bc")]
    [InlineData("      when: a\n        bc")]
    [InlineData("      when: \"a\n        bc\"")]
    public void A_place_within_a_scalar_of_several_lines_is_its_start(string lines)
    {
        var when = When(lines);
        Assert.Equal(new Mark(3, 13), when.At(when.Text.IndexOf('c')));
    }

    private static ExpressionSource When(string line)
    {
        var faults = new List<ModelFault>();
        var model = ModelReader.Read($"segments:\n  s:\n{line}\nmodel: m\nversion: 1\n", faults);
        Assert.True(model is not null, string.Join("\n", faults));
        return model.Segments[0].When;
    }
}
