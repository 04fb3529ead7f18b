namespace StreamInsight.Bench.Floor;

/// <summary>What the floor program found.</summary>
internal sealed record FloorResult(long Events, int Customers, int Entered, int Left)
{
    public override string ToString() => $"{Customers} customers, {Entered} entered, {Left} left";
}
