using StreamInsight.Oracle.Generation;
using StreamInsight.Pipeline;
using StreamInsight.Simulation.Twins;

namespace StreamInsight.Simulation.World;

/// <summary>
/// Everything a service lives in, from one seed and on one thread: a broker, a disk, sinks, a clock, and what goes wrong with them.
/// Which task runs next, when time passes, when the process is killed, stopped or started again is drawn from the seed; so a seed is one run, always the same.
/// </summary>
public sealed class SimulatedWorld
{
    private const int MostSteps = 400_000;
    private const int MostCalmSteps = 50_000;
    private const int MostLives = 60;

    private readonly long _calmFromMs;
    private SimulatedProcess? _process;
    private bool _isKilled;
    private int _lives;
    private int _calmSteps;

    public SimulatedWorld(ulong seed, Flaw flaw)
    {
        Flaw = flaw;
        Random = new Prng(seed * 0x2545F4914F6CDD1D + 1);
        Work = Workload.Random(Random);
        Habits = Habits.Random(Random, Work);
        HasOneSource = Random.Chance(50);
        DiskFullMayPass = Random.Chance(50);
        Clock = new SimulatedClock(Work.FirstMs - 1);
        Disk = new Disk(Work.Model, Findings, sink => sink == "dead:dead" ? DeadTaken.Count : Receivers!.First(r => r.Name == sink).Count);
        Receivers = [new Receiver("redis", this), new Receiver("facts", this)];
        _calmFromMs = Work.LastMs + Random.Between(0, Habits.LongestAwayMs);
    }

    public Flaw Flaw { get; }

    public Prng Random { get; }

    public Workload Work { get; }

    public Habits Habits { get; }

    public bool HasOneSource { get; }

    public SimulatedClock Clock { get; }

    public Findings Findings { get; } = new();

    public Disk Disk { get; }

    public IReadOnlyList<Receiver> Receivers { get; }

    /// <summary>Position and reason of the dead letters that have reached their second place, by number from 1.</summary>
    public List<string> DeadTaken { get; } = [];

    /// <summary>Nothing can be committed up to this instant.</summary>
    public long DiskFullUntilMs { get; set; } = long.MinValue;

    /// <summary>The process is told that it may try again, and does; or it ends.</summary>
    public bool DiskFullMayPass { get; }

    /// <summary>All records are out: nothing goes wrong any more, and everything has to arrive.</summary>
    public bool IsCalm { get; private set; }

    public int Lives => _lives;

    public bool Happens(int oneIn) => !IsCalm && _lives < MostLives && oneIn != int.MaxValue && Random.Below(oneIn) == 0;

    /// <summary>The process ends where it stands.</summary>
    public void Kill(string where)
    {
        Findings.Note(Clock.NowMs, "killed " + where);
        _isKilled = true;
        throw new CrashException();
    }

    /// <summary>Lives, until everything has arrived or something was found to be wrong.</summary>
    public void Run()
    {
        for (int step = 0; Findings.Wrong.Count == 0; step++)
        {
            Findings.Demand(step < MostSteps && _calmSteps < MostCalmSteps, "it does not come to an end");
            _calmSteps += IsCalm ? 1 : 0;
            if (_process is null)
                Start();
            if (!IsCalm && Clock.NowMs >= _calmFromMs)
                CalmDown();
            if (!IsCalm)
                Trouble();
            if (!_isKilled)
                Step();
            if (_isKilled || HasEnded())
                End();
            else if (IsCalm && IsSettled())
                break;
        }
        foreach (string segment in Findings.Wrong.Count > 0 ? [] : Work.Model.Segments.Select(s => s.Name))
            Findings.Demand(_process!.MembersOf(segment) == Disk.Members.GetValueOrDefault(segment), $"the metric of {segment} is {_process.MembersOf(segment)}, members are {Disk.Members.GetValueOrDefault(segment)}");
        _process?.Dispose();
    }

    private void Start()
    {
        _lives++;
        Findings.Note(Clock.NowMs, $"start {_lives}");
        _process = new SimulatedProcess(this);
    }

    private void CalmDown()
    {
        Findings.Note(Clock.NowMs, "calm");
        IsCalm = true;
        Clock.BehindMs = 0;
        DiskFullUntilMs = long.MinValue;
        foreach (Receiver receiver in Receivers)
            receiver.AwayUntilMs = 0;
    }

    private void Trouble()
    {
        if (Happens(Habits.ClockBackOneIn))
            Clock.BehindMs = Clock.BehindMs == 0 ? 3_600_000 : 0;
        if (!_process!.IsStopping && Happens(Habits.StopOneIn))
        {
            Findings.Note(Clock.NowMs, "stop");
            _process.Stop(TimeSpan.FromMilliseconds(Random.Pick([0, 1000])));
        }
        if (Happens(Habits.KillOneIn))
        {
            Findings.Note(Clock.NowMs, "killed between two steps");
            _isKilled = true;
        }
    }

    private void Step()
    {
        SimulatedProcess process = _process!;
        if (process.Scheduler.HasWork && !Random.Chance(3))
        {
            process.Scheduler.RunOne(Random);
            return;
        }
        if (process.Time.NextMs is { } nextMs)
        {
            Clock.MoveTo(nextMs);
            process.Time.FireDue();
        }
        else if (!process.Scheduler.HasWork)
        {
            Findings.Demand(process.HasStopped, "the process neither works nor waits for anything");
        }
    }

    private bool HasEnded()
    {
        if (_process!.Failure is not { } failure)
            return _process.HasStopped;
        Findings.Demand(failure is DependencyUnavailableException or CrashException, $"the pipeline fails: {failure}");
        return true;
    }

    /// <summary>Some time later, or at once, another one takes over.</summary>
    private void End()
    {
        Findings.Note(Clock.NowMs, "ended");
        _process!.Dispose();
        _process = null;
        _isKilled = false;
        if (Random.Chance(60))
            Clock.MoveTo(Clock.NowMs + Random.Between(0, Habits.LongestAwayMs));
    }

    private bool IsSettled() =>
        Work.Partitions.All(p => Disk.Positions.GetValueOrDefault(p.Name) == p.LastOffset)
        && Receivers.All(r => r.Count == Disk.AllFacts.Count)
        && DeadTaken.Count == Disk.LastDeadLetter;
}
