namespace StreamInsight.Bench.Growth;

/// <summary>Events in the order in which they came.</summary>
internal sealed class Line
{
    private Queue<Cohort> _cohorts = new();
    private Cohort _first; // before the others; of no events = there is none

    public long Count { get; private set; }

    /// <summary>When its first came; <see cref="int.MaxValue"/> = it is empty.</summary>
    public int Oldest => _first.Count > 0 ? _first.Step : _cohorts.Count == 0 ? int.MaxValue : _cohorts.Peek().Step;

    public void Add(Cohort cohort)
    {
        if (cohort.Count == 0)
            return;
        _cohorts.Enqueue(cohort);
        Count += cohort.Count;
    }

    /// <summary>The first of them, at most so many, of one cohort.</summary>
    public Cohort Take(int max = int.MaxValue)
    {
        if (_first.Count == 0)
            _first = _cohorts.Dequeue();
        Cohort taken = _first with { Count = Math.Min(max, _first.Count) };
        _first = _first with { Count = _first.Count - taken.Count };
        Count -= taken.Count;
        return taken;
    }

    public void MoveTo(Line other)
    {
        while (Count > 0)
            other.Add(Take());
    }

    /// <summary>All of these, before those that are here. They are there no more.</summary>
    public void PutBack(Line others)
    {
        MoveTo(others);
        (_cohorts, others._cohorts) = (others._cohorts, _cohorts);
        (_first, others._first) = (others._first, default);
        (Count, others.Count) = (others.Count, 0);
    }
}
