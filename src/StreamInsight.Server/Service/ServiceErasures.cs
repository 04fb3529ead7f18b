using StreamInsight.Pipeline;
using StreamInsight.Pipeline.Erasures;
using StreamInsight.Server.Http;

namespace StreamInsight.Server.Service;

/// <summary>Erasures of one process.</summary>
internal sealed class ServiceErasures(InsightService service) : IErasures
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    public IEnumerable<string> Elsewhere
    {
        get
        {
            if (service.Kafka is { } kafka)
                yield return $"Kafka topics ({kafka.EventsTopic}, {kafka.DeadTopic}, facts): until their retention ends";
            if (service.FactsFile is { } file)
                yield return $"{file}: lines that were written";
        }
    }

    public async Task<Erasure?> EraseAsync(string id)
    {
        bool isCaughtUp = await CatchUpAsync();
        if (await service.Pipeline.EraseAsync(id, Patience) is { } erasure)
            return erasure;
        return isCaughtUp ? null : throw new DependencyUnavailableException("Nothing is known of this id yet, but events wait to be applied. Try again in a second.");
    }

    /// <summary>What was acknowledged before the order is applied before it, unless much waits.</summary>
    private async Task<bool> CatchUpAsync()
    {
        long last = service.Log.Last;
        long until = Environment.TickCount64 + 400;
        while (service.Log.LastApplied < last && Environment.TickCount64 < until)
            await Task.Delay(1);
        return service.Log.LastApplied >= last;
    }
}
