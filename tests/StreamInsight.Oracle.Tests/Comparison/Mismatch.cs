using System.Text;
using Xunit.Sdk;

namespace StreamInsight.Oracle.Comparison;

/// <summary>Says what differs and how to see it again: the seed, the model, the log cut down, the first different line.</summary>
public static class Mismatch
{
    public static XunitException Of(Seed seed, string folder)
    {
        string? Failure(List<byte[]> log)
        {
            try { return seed.Compare(log)?.ToString(); }
            catch (Exception e) { return e.GetType().Name + ": " + e.Message; }
        }
        var log = Shrinker.Shrink(seed.Log, l => Failure(l) is not null);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "model.yaml"), seed.Model);
        File.WriteAllBytes(Path.Combine(folder, "events.jsonl"), LogFile.Text(log));
        return new XunitException($"""
            Seed {seed.Number} differs.
            {Failure(log)}

            model:
            {seed.Model}
            log, cut down:
            {Encoding.UTF8.GetString(LogFile.Text(log))}
            again: STREAMINSIGHT_SEED={seed.Number} dotnet test tests/StreamInsight.Oracle.Tests --filter SeedTests
            or:    streaminsight replay --model {folder}/model.yaml --events {folder}/events.jsonl --out {folder}/out
            """);
    }
}
