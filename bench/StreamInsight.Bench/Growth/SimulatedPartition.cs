namespace StreamInsight.Bench.Growth;

/// <summary>A partition: what waits, what is applied, what is being committed.</summary>
internal sealed class SimulatedPartition(int number, PartitionShares shares, Costs costs)
{
    private readonly Line _waiting = new(), _received = new(), _applied = new(), _committing = new();
    private double _credit;             // µs of its thread that were not enough for an event
    private double _sinceTaken = double.PositiveInfinity, _lookedAt; // events; infinite = everybody is in memory
    private int _facts, _handovers;
    private int _lastCommit;

    public int Number => number;

    public double Share => shares[number];

    /// <summary>Nobody = -1.</summary>
    public int Node { get; set; } = -1;

    /// <summary>Counts up when it changes hands.</summary>
    public int Turn { get; private set; }

    /// <summary>It stands still before this step.</summary>
    public int RunsFrom { get; set; }

    public long Queued => _waiting.Count + _received.Count + _applied.Count + _committing.Count;

    /// <summary>The step at which the oldest event arrived that is not committed.</summary>
    public int Oldest => Math.Min(Math.Min(_waiting.Oldest, _received.Oldest), Math.Min(_applied.Oldest, _committing.Oldest));

    /// <summary>Time of a thread for an event, µs, waiting for customers that are not in memory included.</summary>
    public double EventUs => costs.EventUs + (LoadsAnEvent * costs.LoadWaitUs);

    public long Ready => _applied.Count >= costs.MaxUncommitted ? 0 : _waiting.Count + _received.Count;

    /// <summary>Of the events to come, those whose customer is not in memory.</summary>
    public double LoadsAnEvent { get; private set; }

    public void Arrive(Cohort cohort) => (cohort.Crossings > 0 ? _received : _waiting).Add(cohort);

    /// <summary>Its node has it no more: what was not committed is read again. Whoever has it next has no customer in memory.</summary>
    public void Drop()
    {
        Turn++;
        _applied.MoveTo(_committing);
        _waiting.PutBack(_committing);
        _facts = _handovers = 0;
        _sinceTaken = _lookedAt = 0;
        LoadsAnEvent = 1;
        _credit = 0;
    }

    /// <summary>Applies for so long. Returns the events applied, and the customers loaded for them.</summary>
    public (int Events, double Loads) Apply(double us, GrowthCase @case, int partitions, Dice dice)
    {
        double each = EventUs, loadsEach = LoadsAnEvent;
        _credit = Math.Min(_credit + us, us + each);
        int most = (int)Math.Min(Math.Min(_credit / each, Ready), costs.MaxUncommitted - _applied.Count), left = most;
        while (left > 0)
        {
            bool isReceived = _received.Count > 0;
            Cohort some = (isReceived ? _received : _waiting).Take(left);
            left -= some.Count;
            if (isReceived)
                Pass(some with { Crossings = some.Crossings - 1 });
            else
                Pass(Split(Split(some, @case.Merges * (partitions - 1) / partitions, 2, dice), @case.Elsewhere, 1, dice));
        }
        _facts += dice.Count(most * @case.Facts);
        _credit -= most * each;
        _sinceTaken += most;
        if (_sinceTaken > (1.01 * _lookedAt) + 10 && !double.IsInfinity(_sinceTaken))
        {
            _lookedAt = _sinceTaken;
            LoadsAnEvent = Math.Clamp((shares.Distinct(number, _sinceTaken + 100) - shares.Distinct(number, _sinceTaken)) / 100, 0, 1);
        }
        return (most, most * loadsEach);
    }

    /// <summary>Facts and messages for others never wait; what else there is waits for the checkpoint. Null = nothing yet.</summary>
    public Commit? Begin(int step, int stepMs)
    {
        if (_committing.Count > 0 || _applied.Count == 0 || (_facts + _handovers == 0 && _applied.Count < costs.MaxUncommitted && (step - _lastCommit) * stepMs < costs.CheckpointMs))
            return null;
        double us = costs.CommitUs + (shares.Distinct(number, _applied.Count) * costs.CustomerUs) + (_facts * costs.FactUs) + (_handovers * costs.HandoverUs);
        _facts = _handovers = 0;
        _lastCommit = step;
        _applied.MoveTo(_committing);
        return new Commit(this, Turn, us);
    }

    /// <summary>What it had committed.</summary>
    public Line Committed() => _committing;

    private Cohort Split(Cohort cohort, double share, int crossings, Dice dice)
    {
        int gone = Math.Min(cohort.Count, dice.Count(cohort.Count * share));
        Pass(cohort with { Count = gone, Crossings = crossings });
        return cohort with { Count = cohort.Count - gone };
    }

    private void Pass(Cohort cohort)
    {
        _applied.Add(cohort);
        if (cohort.Crossings > 0)
            _handovers += cohort.Count;
    }
}
