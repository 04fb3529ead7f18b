using StreamInsight.Pipeline;

namespace StreamInsight.Server.Http;

/// <summary>The committed facts that streams tell: those of each partition in their order; one process has one partition. Throws <see cref="DependencyUnavailableException"/>. Any thread.</summary>
internal interface IFactFeed
{
    int Partitions { get; }

    /// <summary>By partition, the last committed position as of now; what is read from here on knows of it.</summary>
    Task<long[]> LastAsync();

    /// <summary>The last position of a partition that is known here; goes back only where a store has lost commits.</summary>
    long Last(int partition);

    /// <summary>Facts of a partition after a position, in order, at most <paramref name="max"/>; empty = none is known yet.</summary>
    ValueTask<IReadOnlyList<OutboxFact>> ReadAsync(int partition, long after, int max);

    /// <summary>Sets <paramref name="signal"/> whenever there is something new, until disposed.</summary>
    IDisposable Listen(WakeSignal signal);
}
