using System.Text;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Pipeline.Partitions;
using StreamInsight.Pipeline.Tests.Stores;

namespace StreamInsight.Pipeline.Tests.Partitions;

/// <summary>
/// Customers spread over partitions, with the roads between them, moved by hand: each step applies one message or one handover and commits, unless the partition dies first.
/// What was handed over arrives in order of each sender, and may arrive again.
/// </summary>
internal sealed class PartitionedCustomers
{
    private readonly CompiledModel _model;
    private readonly Part[] _parts;
    private readonly HomePartitions _homes;
    private readonly RecordReader _reader;

    public PartitionedCustomers(CompiledModel model, int partitions)
    {
        _model = model;
        _reader = new RecordReader(model.Events);
        _homes = new HomePartitions(partitions);
        _parts = [.. Enumerable.Range(0, partitions).Select(partition => new Part(partition))];
        foreach (Part part in _parts)
            Open(part);
    }

    /// <summary>Facts of commits, as lines, by customer.</summary>
    public Dictionary<string, List<string>> Facts { get; } = new(StringComparer.Ordinal);

    public List<string> Refused { get; } = [];

    public int Held => _parts.Sum(part => part.Host.HeldMessages);

    public bool IsQuiet => _parts.All(part => part.Inbox.Count == 0);

    public IEnumerable<LocalCustomerHost> Hosts => _parts.Select(part => part.Host);

    public int HomeOf(string id) => _homes.Of(Encoding.UTF8.GetBytes(id));

    /// <summary>A record comes by a partition.</summary>
    /// <param name="dies">The partition dies before it commits; it is started again from what is stored, and the record comes again.</param>
    public void Arrive(int partition, string record, long offset, bool dies = false)
    {
        Part part = _parts[partition];
        if (dies)
        {
            Apply(part, record, offset);
            Open(part);
        }
        Commit(part, Apply(part, record, offset));
    }

    /// <summary>The next handover that waits for a partition is applied; false = none waits.</summary>
    public bool Receive(int partition, bool dies = false, bool isRepeated = false)
    {
        Part part = _parts[partition];
        if (part.Inbox.Count == 0)
            return false;
        Handover next = part.Inbox.Peek();
        if (dies)
        {
            Apply(part, next);
            Open(part);
        }
        Commit(part, Apply(part, next));
        if (isRepeated)
            Commit(part, Apply(part, next));
        part.Inbox.Dequeue();
        return true;
    }

    public void ReceiveAll()
    {
        for (int steps = 0; _parts.Count(part => Receive(part.Partition)) > 0; steps++)
            Assert.True(steps < 50_000, "No end: " + string.Join('\n', _parts.SelectMany(part => part.Inbox).Take(20).Select(handover => HandoverCodec.Decode(handover.Body))));
    }

    /// <summary>All partitions' timers up to an instant.</summary>
    public void FireTimers(long untilMs)
    {
        foreach (Part part in _parts)
        {
            var facts = new List<Fact>();
            while (part.Host.FireTimers(untilMs, 1000, facts) > 0)
            {
            }
            Commit(part, facts);
        }
    }

    private List<Fact> Apply(Part part, string record, long offset)
    {
        var facts = new List<Fact>();
        var run = new MessageRun();
        var message = new CustomerEvent();
        var position = new SourcePosition($"events/{part.Partition}", offset, -1);
        _reader.Begin(Encoding.UTF8.GetBytes(record), RecordSource.File);
        Assert.True(_reader.Next(message));
        run.Add(message, position);
        ((ICustomerHost)part.Host).ProcessAsync(run, facts).AsTask().GetAwaiter().GetResult();
        part.Run = run;
        return facts;
    }

    private static List<Fact> Apply(Part part, Handover handover)
    {
        var facts = new List<Fact>();
        part.Run = new MessageRun();
        (int from, long number) = HandoverCodec.ReadHead(handover.Body.Span);
        if (part.Store.LoadPositions().GetValueOrDefault($"from/{from}") >= number)
            return facts;
        part.Run.AddHandover(handover.Body);
        part.Received = ($"from/{from}", number);
        ((ICustomerHost)part.Host).ProcessAsync(part.Run, facts).AsTask().GetAwaiter().GetResult();
        return facts;
    }

    private void Commit(Part part, List<Fact> facts)
    {
        var checkpoint = new Checkpoint { Changes = part.Host.TakeChanges() };
        checkpoint.Handovers.AddRange(checkpoint.Changes.Handovers);
        if (part.Received is var (sender, number))
            checkpoint.Positions[sender] = number;
        part.Received = null;
        part.Store.Commit(checkpoint);
        foreach (Handover handover in checkpoint.Handovers)
            _parts[handover.To].Inbox.Enqueue(handover);
        foreach (Fact fact in facts)
        {
            var line = new System.Buffers.ArrayBufferWriter<byte>();
            FactWriter.Write(fact, line);
            (Facts.TryGetValue(fact.Customer, out List<string>? lines) ? lines : Facts[fact.Customer] = []).Add(Encoding.UTF8.GetString(line.WrittenSpan));
        }
        Refused.AddRange(part.Run?.Refused.Select(refused => $"{refused.Position} {refused.Reason}") ?? []);
        part.Run = null;
    }

    /// <summary>Nothing but what is stored survives.</summary>
    private void Open(Part part)
    {
        part.Store = new MemoryStateStore(part.Disk);
        part.Host = new LocalCustomerHost(_model, part.Store, new PartitionPlace(part.Partition, _homes));
        part.Received = null;
        part.Run = null;
    }

    private sealed class Part(int partition)
    {
        public int Partition { get; } = partition;

        public MemoryStateStore.Disk Disk { get; } = new();

        public MemoryStateStore Store { get; set; } = null!;

        public LocalCustomerHost Host { get; set; } = null!;

        public Queue<Handover> Inbox { get; } = [];

        public (string Sender, long Number)? Received { get; set; }

        public MessageRun? Run { get; set; }
    }
}
