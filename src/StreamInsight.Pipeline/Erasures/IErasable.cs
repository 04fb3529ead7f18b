namespace StreamInsight.Pipeline.Erasures;

/// <summary>A place outside the state store that holds something of customers, and can be told to forget one.</summary>
public interface IErasable
{
    /// <summary>For receipts and logs. That of a sink: it is asked only after that sink has delivered the <c>erased</c> fact.</summary>
    string Name { get; }

    /// <summary>Removes what belongs to the erasure's ids; gives the count. Any exception means: not done, ask again. Asked again after it was done, it finds nothing.</summary>
    Task<long> EraseAsync(Erasure erasure, CancellationToken cancel);
}
