using StreamInsight.Pipeline.Erasures;

namespace StreamInsight.Server.Http;

/// <summary>Where a customer's erasure is ordered. Any thread.</summary>
internal interface IErasures
{
    /// <summary>Erases the customer an id belongs to, with all its ids; durable on return. Throws <see cref="Pipeline.DependencyUnavailableException"/> when it cannot be done now.</summary>
    /// <returns>What was done so far; null = nothing is known of the id.</returns>
    Task<Erasure?> EraseAsync(string id);

    /// <summary>Places that nobody can take records out of, and until when they keep them.</summary>
    IEnumerable<string> Elsewhere { get; }
}
