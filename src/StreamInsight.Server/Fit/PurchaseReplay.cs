using StreamInsight.CustomerValue;
using StreamInsight.Definitions;
using StreamInsight.Expressions.Library;
using StreamInsight.Pipeline.Replay;

namespace StreamInsight.Server.Fit;

/// <summary>Collects every customer's purchases from a log by the rules of the engine: identity, duplicates and late records count as they do in a replay.</summary>
internal static class PurchaseReplay
{
    /// <param name="holdoutFromMs">Purchases from here on are held back; null = none.</param>
    public static (List<Population> Populations, ReplaySummary Summary) Run(
        ModelDefinition model, IReadOnlyList<PurchaseGroup> groups, Stream events, long? holdoutFromMs, long? untilMs, int parallel, IProgress<ReplayProgress>? progress, CancellationToken cancel)
    {
        CompiledModel keeper = Keeper(model, groups);
        var replay = new ReplayRunner(new ReplayOptions { Model = keeper, Events = events, UntilMs = untilMs, Parallel = parallel, Progress = progress });
        ReplaySummary summary = replay.Run(cancel);
        CustomerState[] customers = [.. replay.Customers()];
        var days = new LocalDays(Zone.Find(model.Zone) ?? Zone.Utc);
        long endDay = customers.Length == 0 ? 0 : days.Of(untilMs ?? customers.Max(customer => customer.ClockMs));
        long lastDay = holdoutFromMs is { } from ? Math.Min(endDay, days.Of(from) - 1) : endDay;
        return ([.. groups.Select((_, i) => Population.Of(customers.Select(customer => customer.Memory.State(keeper.Observed[i].Feature.Region)).OfType<PurchaseHistory>(), lastDay, endDay))], summary);
    }

    /// <summary>The model with nothing in it but the purchases, so that the replay does no more than it must.</summary>
    private static CompiledModel Keeper(ModelDefinition model, IReadOnlyList<PurchaseGroup> groups)
    {
        var faults = new List<ModelFault>();
        return CompiledModel.Compile(
            new ModelDefinition
            {
                Name = model.Name,
                Version = model.Version,
                Zone = model.Zone,
                LatenessMs = model.LatenessMs,
                DedupeWindowMs = model.DedupeWindowMs,
                DedupeMax = model.DedupeMax,
                Traits = model.Traits,
                Events = model.Events,
                Queues = model.Queues,   // or their messages would count as refused
                Features = [.. groups.Select((group, i) => group.Keeper($"purchases_{i}"))],
            },
            faults) ?? throw new InvalidOperationException($"A part of a good model is faulty: {string.Join("; ", faults)}");
    }
}
