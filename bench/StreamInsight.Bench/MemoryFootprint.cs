using System.Globalization;
using StreamInsight.Definitions;
using StreamInsight.Pipeline.Replay;

namespace StreamInsight.Bench;

/// <summary>What a customer costs in memory: what lives after a full collection, everything a replay keeps for it included (state, ids, tables), a customer.</summary>
internal static class MemoryFootprint
{
    public static string Measure(string events, string modelPath)
    {
        CompiledModel model = ModelCheck.All(File.ReadAllBytes(modelPath)).Model ?? throw new InvalidOperationException($"{modelPath} has faults: streaminsight check says which.");
        using FileStream log = File.OpenRead(events);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var runner = new ReplayRunner(new ReplayOptions { Model = model, Events = log });
        ReplaySummary summary = runner.Run();
        long after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(runner);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{summary.Customers} customers, {(after - before) / (double)summary.Customers:F0} bytes a customer; {GC.GetTotalAllocatedBytes() / (double)summary.Events:F0} bytes allocated an event");
    }
}
