using System.Diagnostics;
using System.Globalization;
using System.Text;
using StreamInsight.Fuzz.Targets;
using Xunit;
using Xunit.Abstractions;

namespace StreamInsight.Fuzz;

/// <summary>
/// Hostile input to whatever reads input. STREAMINSIGHT_INPUTS = how many a target (default 10,000), STREAMINSIGHT_FIRST_SEED = from which on (default 1),
/// STREAMINSIGHT_SEED = only this one, STREAMINSIGHT_TARGET = only events, models, expressions or states; <c>./insight fuzz</c> sets them.
/// Where a process dies, its last input's number is in <c>streaminsight-fuzz-TARGET</c> in the temporary folder.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    [Fact]
    public void Events() => Run(new EventTarget());

    [Fact]
    public void Models() => Run(new ModelTarget(), share: 10);

    [Fact]
    public void Expressions() => Run(new ExpressionTarget());

    [Fact]
    public void States() => Run(new StateTarget());

    /// <summary><c>corpus/found/TARGET-NUMBER</c></summary>
    [Fact]
    public void What_was_found_once_stays_mended()
    {
        IFuzzTarget[] targets = [new EventTarget(), new ModelTarget(), new ExpressionTarget(), new StateTarget()];
        foreach (string file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "corpus", "found")))
        {
            IFuzzTarget target = targets.Single(t => Path.GetFileName(file).StartsWith(t.Name, StringComparison.Ordinal));
            Assert.Null(new Fuzzer(target).Try(File.ReadAllBytes(file), twice: true));
        }
    }

    [Fact]
    public void A_seed_is_the_same_input_every_time()
    {
        Fuzzer one = new(new EventTarget()), other = new(new EventTarget());
        for (ulong number = 1; number < 100; number++)
            Assert.Equal(one.Input(number), other.Input(number));
    }

    /// <summary>The fuzzer can find something: a reader that falls over each kind of trouble.</summary>
    [Theory]
    [InlineData("throws", "NotSupportedException")]
    [InlineData("hangs", " s")]
    [InlineData("hoards", "allocated")]
    [InlineData("wavers", "another answer")]
    public void A_broken_reader_is_caught(string trouble, string finding)
    {
        var fuzzer = new Fuzzer(new BrokenTarget(trouble), TimeSpan.FromMilliseconds(100));
        string? found = null;
        for (ulong number = 1; number < 2000 && found is null; number++)
            found = fuzzer.Try(number, twice: true);
        Assert.Contains(finding, found);
    }

    /// <param name="share">One in so many inputs: for a target that takes long for each.</param>
    private void Run(IFuzzTarget target, ulong share = 1)
    {
        if (Environment.GetEnvironmentVariable("STREAMINSIGHT_TARGET") is { Length: > 0 } wanted && wanted != target.Name)
            return;
        ulong? only = Setting("STREAMINSIGHT_SEED");
        ulong first = only ?? Setting("STREAMINSIGHT_FIRST_SEED") ?? 1;
        ulong count = only is null ? Math.Max(1, (Setting("STREAMINSIGHT_INPUTS") ?? 10_000) / share) : 1;
        var fuzzer = new Fuzzer(target);
        var clock = Stopwatch.StartNew();
        string note = Path.Combine(Path.GetTempPath(), "streaminsight-fuzz-" + target.Name);
        using (var last = new FileStream(note, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0))
        {
            for (ulong number = first; number < first + count; number++)
            {
                last.Position = 0;
                last.Write(Encoding.ASCII.GetBytes(number.ToString("D20", CultureInfo.InvariantCulture)));
                if (fuzzer.Try(number, twice: number % 16 == 0) is not { } wrong)
                    continue;
                File.WriteAllBytes($"{note}-{number}", fuzzer.Input(number));
                Assert.Fail($"{target.Name}, input {number}: {wrong}\nagain: ./insight fuzz --target {target.Name} --seed {number}; the input is {note}-{number}, keep it in corpus/found when it is mended\n{Show(fuzzer.Input(number))}");
            }
        }
        File.Delete(note);
        output.WriteLine($"{count:N0} inputs to {target.Name} from {first} in {clock.Elapsed.TotalSeconds:0.0} s");
    }

    private static string Show(byte[] input) => Encoding.UTF8.GetString(input.AsSpan(0, Math.Min(input.Length, 4000))) + (input.Length > 4000 ? $"… {input.Length} bytes" : "");

    private static ulong? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? ulong.Parse(text, CultureInfo.InvariantCulture) : null;
}
