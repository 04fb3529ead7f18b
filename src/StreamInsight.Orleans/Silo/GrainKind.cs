namespace StreamInsight.Orleans.Silo;

/// <summary>What lives in a grain.</summary>
public enum GrainKind : byte
{
    /// <summary>All customers of a partition: the fast one, for every model.</summary>
    Partition,

    /// <summary>One customer: for models without actions, learned scores and queues.</summary>
    Customer,
}
