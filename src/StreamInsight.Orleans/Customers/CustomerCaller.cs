namespace StreamInsight.Orleans.Customers;

/// <summary>A worker's host, for as long as it lives.</summary>
/// <param name="Model">What its model is recognised by.</param>
/// <param name="Near">Its silo, where its customers should be; null = they may be anywhere.</param>
[GenerateSerializer, Immutable]
public sealed record CustomerCaller([property: Id(0)] Guid Session, [property: Id(1)] string Model, [property: Id(2)] SiloAddress? Near);
