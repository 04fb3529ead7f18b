namespace StreamInsight.Kafka;

/// <summary>
/// What is done when the group moves partitions of the events topic. Called on the member's thread; the client keeps the membership alive meanwhile, for up to
/// <c>max.poll.interval.ms</c>.
/// </summary>
internal interface IMembership
{
    /// <summary>An exception ends the member.</summary>
    void Assigned(IReadOnlyList<int> partitions);

    /// <summary>On return others may have them; what is durable of them by then is committed.</summary>
    void Revoked(IReadOnlyList<int> partitions);

    /// <summary>Others may have them already.</summary>
    void Lost(IReadOnlyList<int> partitions);
}
