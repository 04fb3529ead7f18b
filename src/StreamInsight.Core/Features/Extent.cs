namespace StreamInsight.Features;

/// <summary>The entries of one region of one customer: a run [<see cref="Head"/>, <see cref="Head"/> + <see cref="Count"/>) of <see cref="Capacity"/> places. Takes two cells.</summary>
internal struct Extent
{
    private const int Flag = 1 << 31;

    /// <summary>The cell of the first place.</summary>
    public int Start;
    public int Head;
    public int Count;

    private int _capacity;

    public int Capacity
    {
        readonly get => _capacity & ~Flag;
        set => _capacity = (_capacity & Flag) | value;
    }

    /// <summary>An entry that belonged was let go to keep within bounds.</summary>
    public bool IsTruncated
    {
        readonly get => (_capacity & Flag) != 0;
        set => _capacity = (_capacity & ~Flag) | (value ? Flag : 0);
    }
}
