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
}
