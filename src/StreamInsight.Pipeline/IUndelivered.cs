namespace StreamInsight.Pipeline;

/// <summary>
/// Where triggers are kept that were given up: the dead letters of webhooks. Throws <see cref="DependencyUnavailableException"/> when it cannot be reached. Any thread.
/// </summary>
public interface IUndelivered
{
    /// <summary>Durable on return. The same fact for the same subscriber again changes nothing.</summary>
    void Keep(UndeliveredFact fact);

    /// <summary>Of a subscriber, after a number, in order of their numbers, at most <paramref name="max"/>.</summary>
    IReadOnlyList<(long Number, UndeliveredFact Fact)> Read(string subscriber, long after, int max);
}
