using StreamInsight.Expressions;
using Xunit;

namespace StreamInsight.Tests.Expressions;

public sealed class PatternTests
{
    [Theory]
    [InlineData("order", "rde", true)]
    [InlineData("order", "^rde", false)]
    [InlineData("order\n", "r$", false)] // RE2's $ is the end of the text, not a place before its last line end.
    [InlineData("a\nb", "(?m)^b$", true)]
    [InlineData("٣", @"\d", false)] // ASCII classes.
    [InlineData("é", @"^\w$", false)]
    [InlineData("é", @"^\pL$", true)]
    [InlineData("É", @"^\p{Lu}$", true)]
    [InlineData("É", @"^\P{Ll}$", true)]
    [InlineData("😀", "^.$", true)] // A dot is a code point.
    [InlineData("😀", "^[😀-😂]$", true)]
    [InlineData("😃", "^[😀-😂]$", false)]
    [InlineData("😀", "^[^a]$", true)]
    [InlineData("😀😀", "^😀{2}$", true)]
    [InlineData("𐐨", "(?i)^𐐀$", true)]
    [InlineData("\n", ".", false)]
    [InlineData("\n", "(?s).", true)]
    [InlineData("Kelvin", "(?i)^kelvin$", true)]
    [InlineData("\u212Aelvin", "(?i)^kelvin$", true)]
    [InlineData("K", "(?i)^[^k]$", false)]
    [InlineData("AB", "a(?i)b", false)]
    [InlineData("aB", "a(?i)b", true)]
    [InlineData("aBC", "(?:a(?i)b)c", false)]
    [InlineData("abc", "(?P<first>a)(?<second>b)", true)]
    [InlineData("a.b", @"\Qa.b\E", true)]
    [InlineData("axb", @"\Qa.b\E", false)]
    [InlineData("a..", @"^\Qa.\E+$", true)]
    [InlineData("a{,2}", "a{,2}", true)]
    [InlineData("aaa", "^a{2}$", false)]
    [InlineData("aaa", "^a{2,}?$", true)]
    [InlineData("a]", "^[]a]+$", true)]
    [InlineData("-", "^[a-]$", true)]
    [InlineData("_", "^[[:word:]]$", true)]
    [InlineData("_", "^[[:^word:]]$", false)]
    [InlineData("A", @"^\x41$", true)]
    [InlineData("😀", @"^\x{1F600}$", true)]
    [InlineData("S", @"^\123$", true)]
    [InlineData("", "a||b", true)]
    [InlineData("cancel it", @"\bit\b", true)]
    [InlineData("é1", @"é\b1", true)] // Word boundaries are those of ASCII words.
    [InlineData("", "^$", true)]
    [InlineData("ab", "^(|a)(b|)$", true)]
    [InlineData("aaaa", "^(a{0,1}){4}$", true)]
    [InlineData("aaaaa", "^(a{0,1}){4}$", false)]
    [InlineData("a\nb", "a$", false)]
    [InlineData("a\nb", "(?m)a$\n^b", true)]
    public void Matches_as_RE2_does(string text, string pattern, bool wanted)
    {
        var scope = new Scope().Declare("text", CelType.String, new ConstantNode(Value.String(text))).Declare("pattern", CelType.String, new LeafNode(Value.String(pattern)));
        Assert.Equal(Value.Bool(wanted), CelRunner.Evaluate("text.matches(pattern)", scope));
    }

    [Theory]
    [InlineData(@"(a)\1")]
    [InlineData("(?=a)")]
    [InlineData("(?!a)")]
    [InlineData("(?<=a)")]
    [InlineData("(?>a)")]
    [InlineData("a**")]
    [InlineData("a++")]
    [InlineData("a{2}{3}")]
    [InlineData("*a")]
    [InlineData("a{1001}")]
    [InlineData("a{3,2}")]
    [InlineData("(a{100}){100}")]
    [InlineData("(a")]
    [InlineData("a)")]
    [InlineData("[a")]
    [InlineData("[b-a]")]
    [InlineData("[[:nonsense:]]")]
    [InlineData(@"\p{Greek}")]
    [InlineData(@"\Z")]
    [InlineData(@"\")]
    [InlineData(@"\x{110000}")]
    public void Refuses_what_RE2_does_not_know(string pattern)
    {
        var expression = CelRunner.Compile("'a'.matches(pattern)", new Scope().Declare("pattern", CelType.String, new LeafNode(Value.String(pattern))));
        Assert.StartsWith("bad pattern", expression.Evaluate(new EvalContext()).AsString);
    }

    [Fact]
    public void A_bad_constant_pattern_is_foreseen_at_load() =>
        Assert.Contains("bad pattern", Assert.Single(CelRunner.Compile("x.matches('(')", new Scope().Declare("x", CelType.String, new LeafNode(default))).Warnings).Message);

    [Theory]
    [InlineData("(a|a)*b")]
    [InlineData("(a*)*b")]
    [InlineData("(a|b|ab)*bc")]
    [InlineData("(.*)(.*)(.*)(.*)(.*)[^a]")]
    [InlineData("(a?){400}a{400}$")]
    public void A_hostile_pattern_ends_in_time(string pattern)
    {
        var text = new string('a', 5_000);
        var scope = new Scope().Declare("text", CelType.String, new ConstantNode(Value.String(text))).Declare("pattern", CelType.String, new LeafNode(Value.String(pattern)));
        var value = CelRunner.Evaluate("text.matches(pattern)", scope);
        Assert.True(value.Kind is ValueKind.Bool or ValueKind.Error);
    }

    /// <summary>On ASCII texts and what both know alike, .NET's own engine is the judge.</summary>
    [Fact]
    public void Random_patterns_match_as_they_do_in_NET()
    {
        for (var seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var pattern = RandomPattern(random, 4);
            var text = string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => "ab c\n"[random.Next(5)]));
            var wanted = System.Text.RegularExpressions.Regex.IsMatch(text, pattern, System.Text.RegularExpressions.RegexOptions.NonBacktracking);
            var scope = new Scope().Declare("text", CelType.String, new LeafNode(Value.String(text))).Declare("pattern", CelType.String, new LeafNode(Value.String(pattern)));
            var value = CelRunner.Evaluate("text.matches(pattern)", scope);
            Assert.True(value.IsTrue == wanted && !value.IsError, $"seed {seed}: '{pattern}' on '{text}' is {value}, .NET says {wanted}");
        }
    }

    private static string RandomPattern(Random random, int depth) => depth == 0
        ? new[] { "a", "b", "c", ".", "[ab]", "[^a]", "\\w", "\\s", "\\b", "\\B", "^", "" }[random.Next(12)]
        : random.Next(5) switch
        {
            0 => RandomPattern(random, depth - 1) + RandomPattern(random, depth - 1),
            1 => $"(?:{RandomPattern(random, depth - 1)}|{RandomPattern(random, depth - 1)})",
            2 => $"({RandomPattern(random, depth - 1)}){new[] { "*", "+", "?", "{2}", "{1,2}", "{0,1}", "{2,}", "*?" }[random.Next(8)]}",
            3 => $"({RandomPattern(random, depth - 1)})",
            _ => RandomPattern(random, depth - 1) + RandomPattern(random, 1),
        };
}
