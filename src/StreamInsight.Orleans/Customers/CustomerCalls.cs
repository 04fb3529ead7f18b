using System.Diagnostics;
using StreamInsight.Orleans.Partitions;
using StreamInsight.Pipeline;

namespace StreamInsight.Orleans.Customers;

/// <summary>
/// Calls customers' grains until they answer. Every step can be asked for again: a grain computes from the state it is given, the result counts only when it came
/// back, and what a lost grain remembered is nothing that the host does not have.
/// </summary>
internal sealed class CustomerCalls(IGrainFactory grains, CustomerCaller caller, Func<string, byte[]?> load)
{
    /// <summary>Calls made, those again included. For tests and metrics.</summary>
    public long Made { get; private set; }

    /// <summary>How often a grain had to be given the state that it should have remembered.</summary>
    public long StatesGiven { get; private set; }

    /// <summary>How often a call was lost and made again.</summary>
    public long Lost { get; private set; }

    public ValueTask<CustomerAnswer> AskAsync<T>(CustomerSeat seat, string id, T what, Func<ICustomerGrain, CustomerTicket, T, ValueTask<CustomerAnswer>> ask)
    {
        seat.Grain ??= grains.GetGrain<ICustomerGrain>(id);
        bool remembers = seat.Version > 0;
        Made++;
        ValueTask<CustomerAnswer> call = ask(seat.Grain, remembers ? new CustomerTicket(caller, seat.Version, GivenState.Remembered, null) : Giving(seat, id), what);
        return AnsweredAsync(call, seat, id, what, ask);
    }

    private async ValueTask<CustomerAnswer> AnsweredAsync<T>(
        ValueTask<CustomerAnswer> first, CustomerSeat seat, string id, T what, Func<ICustomerGrain, CustomerTicket, T, ValueTask<CustomerAnswer>> ask)
    {
        ValueTask<CustomerAnswer> call = first;
        long started = Stopwatch.GetTimestamp();
        for (int wait = 10; ;)
        {
            try
            {
                CustomerAnswer answer = await call;
                if (answer.Problem is { } problem)
                    throw new DependencyUnavailableException(problem);
                if (!answer.NeedsState)
                    return answer;
                StatesGiven++;
            }
            catch (Exception error) when (error is OrleansException or TimeoutException)
            {
                Lost++;
                if (Stopwatch.GetElapsedTime(started) > PartitionGrainHost.Patience)
                    throw new DependencyUnavailableException(
                        $"A customer's grain does not answer ({error.GetType().Name}): its silo is gone or overloaded. The partition stops and goes on from its last checkpoint when it is started again.", error);
                await Task.Delay(wait = Math.Min(500, wait * 2));
            }
            Made++;
            call = ask(seat.Grain!, Giving(seat, id), what);
        }
    }

    private CustomerTicket Giving(CustomerSeat seat, string id)
    {
        byte[]? row = seat.Exists ? seat.Row ?? load(id) ?? throw new InvalidOperationException("A customer that exists has no state in the store.") : null;
        return new CustomerTicket(caller, seat.Version, row is null ? GivenState.None : GivenState.Row, row);
    }
}
