namespace StreamInsight.Server.Http;

/// <summary>Where a decision is asked for. Any thread.</summary>
internal interface IDecisionDesk
{
    /// <summary>
    /// The record of the decision, JSON; null = the question was refused. Throws <see cref="TimeoutException"/> when it takes too long, which leaves open whether it is made.
    /// </summary>
    /// <param name="id">Its id; the same id is the same decision.</param>
    /// <param name="top">How many actions at most; null = as the model says.</param>
    Task<byte[]?> DecideAsync(string id, string customer, string channel, int? top);
}
