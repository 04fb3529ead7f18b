namespace StreamInsight.Bench.Growth;

/// <summary>What is counted while a cluster runs.</summary>
internal sealed class RunFigures(int stepMs)
{
    private readonly Latencies _before = new(), _after = new();
    private readonly List<(int Step, double[] Nodes, double[] Partitions, double[] Redis)> _marks = [];
    private long _committed, _mostQueued;
    private int _lastLate = -1;

    public long Arrived { get; set; }

    public int Moved { get; set; }

    public void Committed(Cohort cohort, int step)
    {
        _committed += cohort.Count;
        int ms = step * stepMs;
        if (ms >= 5_000)
            (ms < Script.StartMs ? _before : _after).Add(step - cohort.Step + 1, cohort.Count);
    }

    /// <summary>Times used so far, µs.</summary>
    public void Mark(int step, double[] nodes, double[] partitions, double[] redis) => _marks.Add((step, [.. nodes], [.. partitions], redis));

    public void Look(int step, int oldest, long queued)
    {
        _mostQueued = Math.Max(_mostQueued, queued);
        if ((long)(step - oldest) * stepMs > 1000)
            _lastLate = step;
    }

    public GrowthResult Result(GrowthCase @case, int steps, int oldest, long queued)
    {
        var (from, to) = (_marks[0], _marks[1]);
        double us = (to.Step - from.Step) * stepMs * 1000.0;
        double[] nodes = [.. to.Nodes.Zip(from.Nodes, (b, a) => (b - a) / us / @case.CoresPerNode).Take(@case.Nodes)];
        bool isLate = (long)(steps - oldest) * stepMs > 1000;
        return new GrowthResult
        {
            Case = @case, Arrived = Arrived, Committed = _committed, Queued = queued, MeanNode = nodes.Average(), BusiestNode = nodes.Max(),
            BusiestRedis = to.Redis.Zip(from.Redis, (b, a) => (b - a) / us).Max(), BusiestPartition = to.Partitions.Zip(from.Partitions, (b, a) => (b - a) / us).Max(),
            Before = _before, After = _after, Moved = Moved, MostQueued = _mostQueued, LagAtEnd = oldest == int.MaxValue ? 0 : (steps - oldest) * stepMs / 1000.0,
            CaughtUpAfter = isLate ? null : Math.Max(0, (((_lastLate + 1) * stepMs) - Script.StartMs) / 1000.0),
        };
    }
}
