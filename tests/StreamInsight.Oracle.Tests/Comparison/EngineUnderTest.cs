using System.Text.RegularExpressions;
using StreamInsight.Definitions;
using StreamInsight.Oracle.Customers;
using StreamInsight.Pipeline.Replay;

namespace StreamInsight.Oracle.Comparison;

/// <summary>The real thing, through its replay.</summary>
public static partial class EngineUnderTest
{
    [GeneratedRegex(@",""next_timer"":(""[^""]*""|null)\}$")]
    private static partial Regex NextTimer();

    /// <summary>A profile line without the value of <c>next_timer</c>, which is informative.</summary>
    public static string WithoutTimer(string profile) => NextTimer().Replace(profile, ",\"next_timer\":null}");

    public static ReplayOutput Run(string yaml, IReadOnlyList<byte[]> lines, int parallel = 1, long? untilMs = null, int blockBytes = 256 * 1024)
    {
        var folder = Directory.CreateTempSubdirectory("oracle");
        try
        {
            new ReplayRunner(new ReplayOptions
            {
                Model = Compile(yaml),
                Events = new MemoryStream(LogFile.Text(lines)),
                OutputDirectory = folder.FullName,
                Parallel = parallel,
                UntilMs = untilMs,
                BlockBytes = blockBytes,
            }).Run();
            List<string> Lines(string file) => [.. File.ReadAllText(Path.Combine(folder.FullName, file)).Split('\n').SkipLast(1)];
            return new(Lines("facts.jsonl"), Lines("profiles.jsonl").ConvertAll(WithoutTimer), Lines("dead.jsonl"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static CompiledModel Compile(string yaml)
    {
        var faults = new List<ModelFault>();
        var model = ModelReader.Read(yaml, faults) is { } definition ? CompiledModel.Compile(definition, faults) : null;
        return model ?? throw new FormatException("The engine refuses the model: " + string.Join("; ", faults));
    }
}
