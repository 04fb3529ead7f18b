namespace StreamInsight.Scores;

/// <summary>The few weights one set of inputs touches, and by how much. Reused.</summary>
internal sealed class InputVector(int capacity)
{
    private readonly int[] _weights = new int[capacity];
    private readonly double[] _values = new double[capacity];

    public int Count { get; private set; }

    public int Weight(int at) => _weights[at];

    public double Value(int at) => _values[at];

    public void Clear() => Count = 0;

    public void Add(int weight, double value)
    {
        if (value == 0)
            return;
        _weights[Count] = weight;
        _values[Count++] = value;
    }
}
