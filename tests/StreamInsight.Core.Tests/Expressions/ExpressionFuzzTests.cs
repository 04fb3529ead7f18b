using System.Diagnostics;
using StreamInsight.Expressions;
using StreamInsight.Expressions.Eval;
using Xunit;
using Xunit.Abstractions;

namespace StreamInsight.Tests.Expressions;

/// <summary>Broken and hostile texts end in faults or error values: no exception, no endless evaluation. STREAMINSIGHT_ROUNDS raises the number of texts.</summary>
public sealed class ExpressionFuzzTests(ITestOutputHelper output)
{
    private static readonly int Rounds = int.TryParse(Environment.GetEnvironmentVariable("STREAMINSIGHT_ROUNDS"), out var rounds) ? rounds : 20_000;

    /// <summary>Seeds for where the conformance tests are not at hand.</summary>
    private static readonly string[] OwnTexts =
    [
        "[1, 2, 3].map(x, x * 2).filter(x, x > 2).all(x, x in [4, 6])", "has({'a': 1}.a) ? 'x' : b'\\377'", "timestamp('2026-01-01T00:00:00Z').getHours('+02:00') == 2",
        "cel.bind(v, duration('1h30m'), v + v > duration('2h'))", "{1: 'a', 2u: r\"b\", true: null}[1].matches('^(a|b)+$')", "clamp(math.greatest(1.5, -2.5), 0.0, 1.0) <= 1e3 || !false",
        "'a' + \"\"\"b\"\"\" + '\\u00e9\\U0001F600' == 'c' && size('x') != 0x10", "{'k': [1, 2]}.transformMap(k, v, v.exists(i, e, i == e))",
    ];

    private static readonly string[] Pieces =
    [
        "(", ")", "[", "]", "{", "}", ".", ",", ":", "?", "+", "-", "*", "/", "%", "!", "&&", "||", "==", "!=", "<", "<=", ">", ">=", " in ", "null", "true", "0", "1u", "1.5e308",
        "9223372036854775807", "-9223372036854775808", "''", "b''", "'", "\"", "\\", "`", "//", "\n", "x", "now", ".all(x, ", ".map(x, ", ".exists_one(x, ", "has(", "size(", "int(",
        "string(", "duration('", "timestamp('", ".matches('", "[1,2,3]", "{1:2}", "cel.bind(x, ", "😀", "\u0000", "\uD800", "type(", "dyn(", "math.least(",
    ];

    [Fact]
    public void Mutated_expressions_never_throw_or_hang()
    {
        var texts = ConformanceCase.Load()?.Select(c => c.Expression).Where(e => e.Length < 2_000).ToArray() ?? OwnTexts;
        var slowest = (Milliseconds: 0L, Text: "");
        for (var seed = 0; seed < Rounds; seed++)
        {
            var text = Mutated(new Random(seed), texts);
            var clock = Stopwatch.StartNew();
            try
            {
                Run(text);
            }
            catch (Exception fault)
            {
                throw new Xunit.Sdk.XunitException($"seed {seed}: {text}\n{fault}");
            }
            if (clock.ElapsedMilliseconds > slowest.Milliseconds)
                slowest = (clock.ElapsedMilliseconds, text);
        }
        output.WriteLine($"slowest: {slowest.Milliseconds} ms: {slowest.Text}");
    }

    /// <summary>Each of these would take forever, or the stack, without a limit.</summary>
    [Theory]
    [InlineData("cel.bind(a, 'xxxxxxxxxxxxxxxx', BODY)", "cel.bind(a, a + a, BODY)", "a", 60)]
    [InlineData("cel.bind(a, [1, 2, 3, 4], BODY)", "cel.bind(a, a + a, BODY)", "a", 60)]
    [InlineData("cel.bind(a, [1], BODY)", "cel.bind(a, [a, a], BODY)", "a == a", 60)]
    [InlineData("cel.bind(a, {'k': 1}, BODY)", "cel.bind(a, {'k': a, 'l': a}, BODY)", "a == a", 60)]
    [InlineData("cel.bind(a, [1], BODY)", "cel.bind(a, [a, a], BODY)", "a", 60)]
    [InlineData("cel.bind(a, 'xxxxxxxxxxxxxxxx', BODY)", "cel.bind(a, a + a, BODY)", "[a, a, a, a].map(x, [a, a, a].map(y, [a, a, a, a, a]))", 15)]
    [InlineData("cel.bind(a, [1], BODY)", "cel.bind(a, [[[[[[[[[[[[[[[[a]]]]]]]]]]]]]]]], BODY)", "a", 200)]
    [InlineData("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].all(x, BODY)", "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].all(x, BODY)", "true", 60)]
    [InlineData("BODY", "[1, 2, 3, 4, 5, 6, 7, 8].map(x, BODY)", "'a'", 60)]
    [InlineData("BODY", "(BODY)", "1", 10_000)]
    [InlineData("BODY", "[BODY]", "1", 10_000)]
    [InlineData("BODY", "{1: BODY}", "1", 10_000)]
    [InlineData("BODY", "!BODY", "true", 10_000)]
    [InlineData("BODY", "-BODY", "x", 10_000)]
    [InlineData("BODY", "BODY + 1", "1", 8_000)]
    [InlineData("BODY", "BODY.a", "x", 10_000)]
    [InlineData("BODY", "BODY[0]", "x", 10_000)]
    [InlineData("BODY", "true ? 1 : BODY", "1", 2_000)]
    [InlineData("BODY", "true || BODY", "true", 2_000)]
    [InlineData("BODY", "size(BODY)", "''", 5_000)]
    [InlineData("BODY", "BODY.map(x, x)", "[1]", 2_000)]
    public void A_hostile_text_ends_in_time(string outer, string layer, string inner, int layers)
    {
        var text = outer;
        for (var i = 0; i < layers; i++)
            text = text.Replace("BODY", layer, StringComparison.Ordinal);
        Run(text.Replace("BODY", inner, StringComparison.Ordinal));
    }

    [Fact]
    public void A_long_flat_chain_is_no_nesting()
    {
        var text = string.Join(" || ", Enumerable.Repeat("1 == 2", 3_000));
        Assert.Equal(Value.False, CelRunner.Evaluate(text));
    }

    private static void Run(string text)
    {
        var scope = new Scope().Declare("now", CelType.Timestamp, NowNode.Instance).Declare("x", CelType.Dyn, new LeafNode(Value.Int(3)));
        var faults = new List<ExpressionFault>();
        var context = new EvalContext { Now = 1_767_225_600_000 };
        foreach (var expression in new[] { Cel.Compile(text, scope, null, faults), Cel.CompileUnchecked(text, scope, faults) })
        {
            if (expression is null)
                continue;
            var value = expression.Evaluate(context);
            _ = Evaluator.Line(value);
            Assert.True(context.ValidUntil > context.Now);
        }
        Assert.All(faults, fault => Assert.True(fault.Line >= 1 && fault.Column >= 1));
    }

    private static string Mutated(Random random, string[] texts)
    {
        var text = texts[random.Next(texts.Length)];
        for (var mutations = random.Next(1, 6); mutations > 0; mutations--)
        {
            var at = random.Next(text.Length + 1);
            var length = random.Next(0, Math.Min(12, text.Length - at) + 1);
            text = random.Next(6) switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, text.Substring(at, length)),
                2 => text.Insert(at, Pieces[random.Next(Pieces.Length)]),
                3 => text.Remove(at, length).Insert(at, Pieces[random.Next(Pieces.Length)]),
                4 => text.Insert(at, ((char)random.Next(1, 256)).ToString()),
                _ => Spliced(random, text, texts[random.Next(texts.Length)]),
            };
        }
        return text;
    }

    private static string Spliced(Random random, string text, string other)
    {
        var from = random.Next(other.Length);
        return text.Insert(random.Next(text.Length + 1), other.Substring(from, random.Next(Math.Min(40, other.Length - from) + 1)));
    }
}
