namespace StreamInsight.Bench.Growth;

/// <summary>One primary: a thread that does one thing after the other.</summary>
internal sealed class SharedRedis
{
    private readonly Queue<Commit> _commits = new();
    private double _done;  // of the first, µs
    private double _loads; // owed, µs; they come between commits

    /// <summary>What it did so far, µs.</summary>
    public double BusyUs { get; private set; }

    public void Add(Commit commit) => _commits.Enqueue(commit);

    public void AddLoads(double us) => _loads += us;

    /// <summary>Works for so long; each commit that it comes to the end of is told.</summary>
    public void Work(double us, Action<Commit> done)
    {
        double left = us, loads = Math.Min(left, _loads);
        _loads -= loads;
        left -= loads;
        while (left > 0 && _commits.TryPeek(out Commit? first))
        {
            double step = Math.Min(left, first.WorkUs - _done);
            left -= step;
            _done += step;
            if (_done < first.WorkUs - 1e-9)
                break;
            _done = 0;
            done(_commits.Dequeue());
        }
        BusyUs += us - left;
    }
}
