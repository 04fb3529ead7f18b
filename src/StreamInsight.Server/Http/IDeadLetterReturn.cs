namespace StreamInsight.Server.Http;

/// <summary>Puts dead letters back to the front door. Any thread.</summary>
internal interface IDeadLetterReturn
{
    /// <summary>
    /// Puts one back, once. Throws <see cref="Sqlite.LogRefusedException"/> or <see cref="Pipeline.DependencyUnavailableException"/>: it is not, ask again.
    /// </summary>
    /// <returns>Where it is now: a number in the log, or a position in Kafka; null = it was put back before, or is not kept (any more).</returns>
    Task<string?> ReturnAsync(DeadLetterId letter);
}
