namespace StreamInsight.Oracle.Customers;

/// <summary>A fact with the fields of its kind in the order they are written.</summary>
public sealed record Fact(string Customer, long BornMs, long Seq, long AtMs, string Kind, string Cause, List<(string Name, object? Value)> Fields);
