using StreamInsight.Pipeline;
using StreamInsight.Server.Http;

namespace StreamInsight.Server.Service;

/// <summary>The facts of one process.</summary>
internal sealed class OutboxFeed(Outbox outbox) : IFactFeed
{
    public int Partitions => 1;

    public Task<long[]> LastAsync() => Task.FromResult<long[]>([outbox.Last]);

    public long Last(int partition) => outbox.Last;

    public ValueTask<IReadOnlyList<OutboxFact>> ReadAsync(int partition, long after, int max) => new(outbox.Read(after, max));

    public IDisposable Listen(WakeSignal signal) => outbox.Listen(signal);
}
