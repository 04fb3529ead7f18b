namespace StreamInsight.Orleans.Customers;

/// <summary>What the host keeps of one id.</summary>
internal sealed class CustomerSeat
{
    public ICustomerGrain? Grain;

    /// <summary>The encoded state where it is newer than the store's; null = the store has it, or there is no customer.</summary>
    public byte[]? Row;

    public string? Stage;

    public long NextTimerMs = long.MaxValue;

    /// <summary>Steps done in this session.</summary>
    public long Version;

    /// <summary>It was erased: its records are refused while their record time is below this.</summary>
    public long ErasedUntilMs;

    /// <summary>Its messages of the run in hand; null = none.</summary>
    public CustomerGroup? Group;

    public bool Exists;

    /// <summary>The store was asked for its state.</summary>
    public bool IsKnown;

    public bool IsDirty;

    /// <summary>Its state cannot be read.</summary>
    public bool IsStopped;
}
