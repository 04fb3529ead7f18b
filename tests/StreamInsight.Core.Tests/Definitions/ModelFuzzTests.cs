using System.Text;
using StreamInsight.Definitions;
using Xunit;

namespace StreamInsight.Tests.Definitions;

/// <summary>
/// Samples, broken at random from a seed: whatever comes of it, the check ends with a model or with faults, never with an exception, and every fault has a place
/// in the file and is one line.
/// </summary>
public sealed class ModelFuzzTests
{
    private static readonly string[] Samples = [.. new[] { "telco-care", "shop", "quickstart" }.Select(name => Repository.Read("samples", $"{name}.yaml"))];

    private static readonly string[] Bits =
    [
        ":", ": ", "-", "- ", "{", "}", "[", "]", ",", "\"", "'", "#", " #", "|", ">", "!", "&a", "*a", "*", "%", "@", "`", "\t", "\n", "\r\n", "\0", "\uFEFF", "\ud83d",
        "😀", "~", "null", "true", "? ", "---\n", "...\n", "<<: ", "!!str ", "0", "-1", "99999999999999999999", "1e309", ".nan", "0x10", "7d", "é", "\\", "\\x", "\\u00",
        "expr: ", "where: ", "count: ", "sequence: [a]", "features: 5\n", "(", ")", "&&", "||", "?", "in", "\u2028", "\u0085",
    ];

    [Fact]
    public void Broken_samples_are_told_not_thrown()
    {
        for (var seed = 0; seed < 1_500; seed++)
            Check(Broken(new Random(seed)), seed);
    }

    [Fact]
    public void Lines_in_any_order_are_told_not_thrown()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var lines = Samples[random.Next(Samples.Length)].Split('\n');
            random.Shuffle(lines);
            Check(string.Join('\n', lines.Take(random.Next(lines.Length))), seed);
        }
    }

    [Fact]
    public void Any_bytes_are_told_not_thrown()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var bytes = Encoding.UTF8.GetBytes(Samples[random.Next(Samples.Length)]);
            for (var i = random.Next(20); i >= 0; i--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var result = ModelCheck.All(bytes);
            Assert.True(result.IsGood || result.Faults.Count > 0, $"seed {seed}");
        }
    }

    [Fact]
    public void A_large_file_of_faults_is_told_in_bounded_size()
    {
        foreach (var line in new[] { "  f{0}: {{ cuont: call }}\n", "  f{0}: {{ count: cal{0} }}\n", "  f: {{}}\n", "  f{0}: {{ when: a ? b : c }}\n", "  - x{0}\n" })
        {
            var yaml = new StringBuilder("model: m\nversion: 1\nfeatures:\n");
            for (var i = 0; yaml.Length < 350_000; i++)
                yaml.AppendFormat(null, line, i);
            var faults = new List<ModelFault>();
            Assert.Null(ModelReader.Read(yaml.ToString(), faults));
            Assert.InRange(faults.Count, 1, 10_100);
        }
    }

    private static void Check(string yaml, int seed)
    {
        CheckedModel result;
        try
        {
            result = ModelCheck.All(yaml);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"seed {seed} throws on:\n{yaml}", e);
        }
        Assert.True(result.IsGood || result.Faults.Any(f => !f.IsWarning), $"seed {seed}: neither a model nor a fault");
        var lines = yaml.Count(c => c is '\n' or '\r') + 1;
        Assert.All(result.Faults, fault =>
        {
            Assert.True(fault.Mark.Line >= 1 && fault.Mark.Line <= lines + 1 && fault.Mark.Column >= 1, $"seed {seed}: {fault}");
            Assert.DoesNotContain('\n', fault.Message);
        });
    }

    private static string Broken(Random random)
    {
        var text = new StringBuilder(Samples[random.Next(Samples.Length)]);
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            var at = random.Next(text.Length);
            switch (random.Next(5))
            {
                case 0:
                    text.Insert(at, Bits[random.Next(Bits.Length)]);
                    break;
                case 1:
                    text.Remove(at, Math.Min(random.Next(1, 30), text.Length - at));
                    break;
                case 2:
                    var from = random.Next(text.Length);
                    text.Insert(at, text.ToString(from, Math.Min(random.Next(1, 200), text.Length - from)));
                    break;
                case 3:
                    text[at] = (char)random.Next(32, 127);
                    break;
                default:
                    text.Length = Math.Max(1, at);
                    break;
            }
            if (text.Length < 2)
                text.Append("model: m\n");
        }
        return text.ToString();
    }
}
