using StreamInsight.Orleans.Wire;

namespace StreamInsight.Orleans.Customers;

/// <summary>
/// One customer, the engine inside. Its key is the customer's id. It stores nothing: every answer carries the state after the step, and the caller keeps that until it
/// is committed. So a grain may go at any time, and its caller may give another one the state and ask again.
/// </summary>
[Alias("StreamInsight.Customer")]
public interface ICustomerGrain : IGrainWithStringKey
{
    /// <summary>Applies messages in order; a customer comes into being with the first that is accepted.</summary>
    [Alias("Apply")]
    ValueTask<CustomerAnswer> ApplyAsync(CustomerTicket ticket, MessageParcel messages);

    /// <summary>Fires the customer's timer, if it is due by then.</summary>
    [Alias("Advance")]
    ValueTask<CustomerAnswer> AdvanceAsync(CustomerTicket ticket, long untilMs);

    /// <summary>Takes another customer's state into this one; without a state of its own it takes the other's as its own.</summary>
    [Alias("Merge")]
    ValueTask<CustomerAnswer> MergeAsync(CustomerTicket ticket, byte[] from, long recordTimeMs);

    /// <summary>Forgets the customer: it was erased, or merged into another.</summary>
    [OneWay, Alias("Forget")]
    ValueTask ForgetAsync();
}
