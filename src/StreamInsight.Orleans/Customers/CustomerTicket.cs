namespace StreamInsight.Orleans.Customers;

/// <summary>Which state of a customer a call is about. A grain that holds another one than the call expects does nothing and asks for the state.</summary>
/// <param name="Caller">Who calls: a grain that is new to it may move nearer.</param>
/// <param name="Version">Steps of this customer that this caller has had done; what the grain holds must be the result of the last one.</param>
/// <param name="Given">What the grain starts from.</param>
/// <param name="Row">The encoded state; only where it is given.</param>
[GenerateSerializer, Immutable]
public sealed record CustomerTicket([property: Id(0)] CustomerCaller Caller, [property: Id(1)] long Version, [property: Id(2)] GivenState Given, [property: Id(3)] byte[]? Row);
