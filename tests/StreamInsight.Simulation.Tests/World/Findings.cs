namespace StreamInsight.Simulation.World;

/// <summary>What was found to be wrong, and the last things that happened before.</summary>
public sealed class Findings
{
    private const int Kept = 60;

    private readonly Queue<string> _events = new();
    private ulong _hash = 14695981039346656037;

    public List<string> Wrong { get; } = [];

    public IEnumerable<string> Events => _events;

    /// <summary>Over everything that happened: the same for the same seed.</summary>
    public ulong Hash => _hash;

    public void Demand(bool holds, string otherwise)
    {
        if (!holds && Wrong.Count < 10)
            Wrong.Add(otherwise);
    }

    public void Note(long atMs, string what)
    {
        foreach (char c in what)
            _hash = (_hash ^ c) * 1099511628211;
        _hash = (_hash ^ (ulong)atMs) * 1099511628211;
        _events.Enqueue($"{atMs} {what}");
        if (_events.Count > Kept)
            _events.Dequeue();
    }
}
