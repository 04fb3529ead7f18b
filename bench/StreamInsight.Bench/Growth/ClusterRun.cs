namespace StreamInsight.Bench.Growth;

/// <summary>
/// A cluster, step by step: events arrive at partitions, nodes apply them, partitions commit to Redis, what crosses goes through Kafka, nodes come and go. Pure: a case and its seed give
/// one result. Events are counted, not made; so a second of a million events costs what a second of a hundred does.
/// </summary>
internal sealed class ClusterRun
{
    private readonly GrowthCase _case;
    private readonly PartitionShares _shares;
    private readonly Dice _dice;
    private readonly SimulatedPartition[] _partitions;
    private readonly SharedRedis[] _redis;
    private readonly double[] _nodeUs, _partitionUs;
    private readonly SortedSet<int> _alive = [];
    private readonly Queue<(int Step, int Partition, Cohort Cohort)> _underWay = new();
    private readonly RunFigures _figures;
    private int _step;

    public ClusterRun(GrowthCase @case, PartitionShares shares)
    {
        _case = @case;
        _shares = shares;
        _dice = new Dice(@case.Seed);
        _partitions = [.. Enumerable.Range(0, @case.Partitions).Select(number => new SimulatedPartition(number, shares, @case.Costs))];
        _redis = [.. Enumerable.Range(0, @case.Redis).Select(_ => new SharedRedis())];
        _nodeUs = new double[@case.Nodes + 1];
        _partitionUs = new double[@case.Partitions];
        _alive.UnionWith(Enumerable.Range(0, @case.Nodes));
        for (int partition = 0; partition < @case.Partitions; partition++)
            _partitions[partition].Node = partition % @case.Nodes;
        _figures = new RunFigures(@case.StepMs);
    }

    /// <summary>Owners by partition; nobody = -1.</summary>
    public IReadOnlyList<int> Owners => [.. _partitions.Select(partition => partition.Node)];

    public GrowthResult Run()
    {
        var scenes = new Queue<Scene>(Script.Of(_case, _partitions[_shares.Hottest].Node));
        int steps = _case.Seconds * 1000 / _case.StepMs, perSecond = 1000 / _case.StepMs;
        for (_step = 0; _step < steps; _step++)
        {
            while (scenes.TryPeek(out Scene? scene) && scene.AtMs <= _step * _case.StepMs)
                Play(scenes.Dequeue());
            Arrive();
            Apply();
            foreach (SimulatedPartition partition in _partitions)
            {
                if (Runs(partition) && partition.Begin(_step, _case.StepMs) is { } commit)
                    _redis[partition.Number % _redis.Length].Add(commit);
            }
            foreach (SharedRedis redis in _redis)
                redis.Work(_case.StepMs * 1000.0, Committed);
            if (_step == 5 * perSecond || _step == Script.StartMs / _case.StepMs)
                _figures.Mark(_step, _nodeUs, _partitionUs, [.. _redis.Select(redis => redis.BusyUs)]);
            if (_step % (perSecond / 10) == 0)
                _figures.Look(_step, _partitions.Min(partition => partition.Oldest), Queued);
        }
        return _figures.Result(_case, _step, _partitions.Min(partition => partition.Oldest), Queued);
    }

    private long Queued => _partitions.Sum(partition => partition.Queued) + _underWay.Sum(message => message.Cohort.Count);

    private bool Runs(SimulatedPartition partition) => partition.Node >= 0 && _alive.Contains(partition.Node) && _step >= partition.RunsFrom;

    private void Play(Scene scene)
    {
        if (scene.Kind is SceneKind.Start or SceneKind.Join)
            _alive.Add(scene.Node);
        else
            _alive.Remove(scene.Node);
        foreach (SimulatedPartition partition in _partitions.Where(partition => scene.Kind == SceneKind.Stop && partition.Node == scene.Node))
            partition.Drop();
        if (scene.Kind == SceneKind.Start)
        {
            foreach (SimulatedPartition partition in _partitions.Where(partition => partition.Node == scene.Node))
                partition.RunsFrom = _step + (_case.Costs.TakeMs / _case.StepMs);
        }
        else if (scene.Kind != SceneKind.Stop)
            Rebalance(scene.Kind == SceneKind.Join);
    }

    /// <param name="isTaken">Partitions are taken from nodes that live: they stood still for a round of the group, which is added behind.</param>
    private void Rebalance(bool isTaken)
    {
        int[] owners = StickyAssignment.Balance(Owners, [.. _alive]);
        foreach (SimulatedPartition partition in _partitions.Where(partition => partition.Node != owners[partition.Number]))
        {
            partition.Drop();
            partition.Node = owners[partition.Number];
            partition.RunsFrom = _step + ((_case.Costs.TakeMs + (isTaken ? _case.Costs.RoundMs : 0)) / _case.StepMs);
            _figures.Moved++;
        }
    }

    private void Arrive()
    {
        foreach (SimulatedPartition partition in _partitions)
        {
            int count = _dice.Count(_case.EventsPerSecond * partition.Share * _case.StepMs / 1000);
            partition.Arrive(new Cohort(_step, count, 0));
            _figures.Arrived += count;
        }
        while (_underWay.TryPeek(out var message) && message.Step <= _step)
            _partitions[_underWay.Dequeue().Partition].Arrive(message.Cohort);
    }

    /// <summary>A partition has a thread, a node its cores: where threads want more than those have, each gets the same part of what it wants.</summary>
    private void Apply()
    {
        double stepUs = _case.StepMs * 1000.0;
        double[] wanted = new double[_nodeUs.Length];
        foreach (SimulatedPartition partition in _partitions)
        {
            if (Runs(partition))
                wanted[partition.Node] += Math.Min(stepUs, partition.Ready * partition.EventUs) * _case.Costs.EventUs / partition.EventUs;
        }
        foreach (SimulatedPartition partition in _partitions)
        {
            if (!Runs(partition))
                continue;
            double part = Math.Min(1, _case.CoresPerNode * stepUs / Math.Max(1, wanted[partition.Node]));
            (int events, double loads) = partition.Apply(stepUs * part, _case, _partitions.Length, _dice);
            _nodeUs[partition.Node] += events * _case.Costs.EventUs;
            _partitionUs[partition.Number] += (events * _case.Costs.EventUs) + (loads * _case.Costs.LoadWaitUs);
            _redis[partition.Number % _redis.Length].AddLoads(loads * _case.Costs.LoadRedisUs);
        }
    }

    private void Committed(Commit commit)
    {
        if (commit.Turn != commit.Partition.Turn)
            return;
        Line line = commit.Partition.Committed();
        while (line.Count > 0)
        {
            Cohort cohort = line.Take();
            if (cohort.Crossings == 0)
                _figures.Committed(cohort, _step);
            else
                Send(cohort);
        }
    }

    /// <summary>A cohort goes to eight partitions at most, any of them as likely as another.</summary>
    private void Send(Cohort cohort)
    {
        int at = _step + Math.Max(1, _case.Costs.HandoverMs / _case.StepMs), parts = Math.Min(8, cohort.Count);
        for (int i = 0; i < parts; i++)
            _underWay.Enqueue((at, _dice.Below(_partitions.Length), cohort with { Count = (cohort.Count / parts) + (i < cohort.Count % parts ? 1 : 0) }));
    }
}
