using StreamInsight.Oracle.Generation;

namespace StreamInsight.Simulation.World;

/// <summary>Runs the tasks of one process on the simulation's own thread, in an order the seed decides. Whatever is not run when the process is killed never runs.</summary>
public sealed class SimulatedScheduler : TaskScheduler
{
    private readonly List<Task> _ready = [];

    public bool HasWork => _ready.Count > 0;

    public void RunOne(Prng random)
    {
        int at = random.Below(_ready.Count);
        Task task = _ready[at];
        _ready.RemoveAt(at);
        TryExecuteTask(task);
    }

    protected override void QueueTask(Task task) => _ready.Add(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _ready;
}
