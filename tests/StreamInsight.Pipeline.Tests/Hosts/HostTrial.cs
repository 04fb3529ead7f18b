using System.Buffers;
using System.Text;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Pipeline.Tests.Stores;

namespace StreamInsight.Pipeline.Tests.Hosts;

/// <summary>Puts lines of a log through a host as the worker does: in runs, timers in between, commits now and then; and keeps what comes out.</summary>
public sealed class HostTrial(CompiledModel model, Func<CompiledModel, IStateStore, ICustomerHost> create)
{
    private readonly MemoryStateStore.Disk _disk = new();
    private readonly RecordReader _reader = new(model.Events);
    private readonly List<Fact> _facts = [], _pending = [];
    private readonly List<string> _refusals = [], _refused = [];
    private ICustomerHost? _host;
    private long _line;
    private long _lastTimeMs = long.MinValue;

    public ICustomerHost Host => _host ??= create(model, new MemoryStateStore(_disk));

    /// <summary>What is committed.</summary>
    public MemoryStateStore Store => new(_disk);

    /// <summary>Called with the number of each run before it is applied.</summary>
    public Func<int, Task> BeforeRun { get; set; } = _ => Task.CompletedTask;

    /// <summary>Refused messages, as line and reason.</summary>
    public IReadOnlyList<string> Refusals => [.. _refusals, .. _refused];

    /// <summary>Lines of facts; a customer's in the order in which they came, customers in the order of their names.</summary>
    public List<string> Facts => [.. _facts.Concat(_pending).OrderBy(fact => fact.Customer, StringComparer.Ordinal).Select(Line)];

    /// <param name="runOf">Messages in a run.</param>
    /// <param name="commitEvery">Runs between commits.</param>
    /// <param name="restart">After each commit the host is given up and another made over the store.</param>
    public async Task ApplyAsync(IEnumerable<string> lines, int runOf = 16, int commitEvery = 3, bool restart = false)
    {
        int runs = 0;
        foreach (string[] chunk in lines.Chunk(runOf))
        {
            await BeforeRun(runs);
            MessageRun run = Decode(chunk);
            await Host.ProcessAsync(run, _pending);
            foreach (RefusedMessage refused in run.Refused)
                _refused.Add($"{refused.Position} {refused.Reason}");
            await FireAsync(_lastTimeMs);
            if (++runs % commitEvery == 0)
                await CommitAsync(restart);
        }
        await CommitAsync(restart);
    }

    public MessageRun Decode(IEnumerable<string> lines)
    {
        var run = new MessageRun();
        foreach (string line in lines)
        {
            _line++;
            _reader.Begin(Encoding.UTF8.GetBytes(line), RecordSource.File);
            for (var message = new CustomerEvent(); _reader.Next(message); message = new CustomerEvent())
            {
                if (message.IsDecoded)
                    _lastTimeMs = Math.Max(_lastTimeMs, message.RecordTimeMs);
                run.Add(message, new SourcePosition("", _line, message.BatchIndex));
            }
        }
        return run;
    }

    public async Task FireAsync(long untilMs)
    {
        while (await Host.FireTimersAsync(untilMs, 50, _pending) > 0)
        {
        }
    }

    public async Task CommitAsync(bool restart = false)
    {
        var checkpoint = new Checkpoint { Changes = await Host.TakeChangesAsync() };
        checkpoint.Positions[""] = _line;
        Store.Commit(checkpoint);
        Host.Trim();
        _facts.AddRange(_pending);
        _refusals.AddRange(_refused);
        _pending.Clear();
        _refused.Clear();
        if (restart)
            Restart();
    }

    /// <summary>Another host over the store.</summary>
    public void Restart() => _host = null;

    /// <summary>As the worker after a failure: what is not committed is gone, and another host goes on behind the line that is given back.</summary>
    public int GoBack()
    {
        Restart();
        _pending.Clear();
        _refused.Clear();
        _lastTimeMs = long.MinValue;
        return (int)(_line = Store.LoadPositions().GetValueOrDefault(""));
    }

    public async Task<List<Fact>> EraseAsync(string id, long nowMs)
    {
        var facts = new List<Fact>();
        Erasure = await Host.EraseAsync(id, nowMs, 1_000_000, facts);
        _pending.AddRange(facts);
        return facts;
    }

    public StreamInsight.Pipeline.Erasures.Erasure? Erasure { get; private set; }

    public static string Line(Fact fact)
    {
        var output = new ArrayBufferWriter<byte>();
        FactWriter.Write(fact, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
