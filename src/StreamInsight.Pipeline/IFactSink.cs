namespace StreamInsight.Pipeline;

/// <summary>
/// Somewhere facts go. Each sink has its own position in the outbox and its own task; a slow or broken one delays no other.
/// </summary>
public interface IFactSink : IAsyncDisposable
{
    /// <summary>
    /// Its name in triggers (<c>to: [redis]</c>), logs, metrics, and of its position in the outbox: one name, one position.
    /// </summary>
    string Name { get; }

    /// <summary>
    /// Delivers facts in order; done when all of them are taken. Any exception means: not delivered, try again later with the same facts from the first.
    /// So a fact may come more than once, but a customer's facts always in order of their seq: an older or repeated seq must change nothing.
    /// Trigger facts past their <see cref="OutboxFact.ExpiresAtMs"/> are left out before. A fact with <see cref="OutboxFact.To"/> set
    /// is for the sinks named there; a sink that keeps a full record of facts takes it nevertheless.
    /// </summary>
    Task DeliverAsync(IReadOnlyList<OutboxFact> facts, CancellationToken cancel);

    /// <summary>False: the fact is none of its business; it is passed over and not counted.</summary>
    bool Takes(OutboxFact fact) => true;

    /// <summary>Facts looked at in one run; after a crash at most so many are delivered again.</summary>
    int MaxFacts => 1024;

    /// <summary>A full outbox behind this sink pauses the sources. False: it bounds by itself how far it may be behind.</summary>
    bool HoldsSources => true;

    /// <summary>It looks at <see cref="OutboxFact.ExpiresAtMs"/> itself; nothing is left out before.</summary>
    bool JudgesAge => false;

    /// <summary>What is wrong while a delivery is under way; null = nothing.</summary>
    string? Problem => null;

    /// <summary>Called once, before the first delivery: its place in the outbox.</summary>
    void Attach(OutboxCursor cursor)
    {
    }
}
