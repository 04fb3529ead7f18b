using System.Buffers.Binary;
using System.Text;
using BenchmarkDotNet.Attributes;
using StreamInsight.Definitions;
using StreamInsight.Events;
using StreamInsight.Facts;

namespace StreamInsight.Bench.Micro;

/// <summary>One engine step of W's model, message decoded already; times are per step. A customer's events are 30 s apart.</summary>
[MemoryDiagnoser]
public class EngineBenchmarks
{
    private const int Count = 1000;
    private const int StepMs = 30_000;

    private readonly List<Fact> _facts = [];
    private readonly byte[] _messageId = new byte[8];
    private CustomerEngine _engine = null!;
    private CustomerState[] _customers = [];
    private CustomerEvent[] _events = [];
    private long _now;
    private long _messages;

    /// <summary>Customers in turn: one stays in the processor's caches, 100,000 do not.</summary>
    [Params(1, 100_000)]
    public int Customers { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var faults = new List<ModelFault>();
        var definition = ModelReader.Read(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "w.yaml")), faults);
        var model = definition is null ? null : CompiledModel.Compile(definition, faults);
        _engine = new CustomerEngine(model ?? throw new InvalidOperationException(string.Join('\n', faults)));
        _events = Decoded(model.Events);
        _now = _events[0].RecordTimeMs;
        _customers = new CustomerState[Customers];
        for (int i = 0; i < Customers; i++)
            _customers[i] = _engine.Create($"c{i:D6}", _now);
        for (int i = 0; i < 20 * Math.Max(1, Customers / Count); i++)
            Step();
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public int Step()
    {
        int facts = 0;
        for (int i = 0; i < Count; i++)
        {
            int customer = (int)(_messages % Customers);
            if (customer == 0)
                _now += StepMs;
            var e = _events[_messages % _events.Length];
            BinaryPrimitives.WriteInt64LittleEndian(_messageId, _messages++);
            e.MessageId = _messageId;
            e.RecordTimeMs = e.TimestampMs = _now;
            _engine.Apply(_customers[customer], e, new SourcePosition("", 1, -1), _facts);
            facts += _facts.Count;
            _facts.Clear();
        }

        return facts;
    }

    private static CustomerEvent[] Decoded(EventSchema schema)
    {
        var stream = new MemoryStream();
        new WorkloadW(Events: 997, Customers: 1).Write(stream);
        var decoder = new MessageDecoder(schema);
        return [.. Encoding.UTF8.GetString(stream.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
        {
            var e = new CustomerEvent();
            decoder.Decode(Encoding.UTF8.GetBytes(line), default, RecordSource.File, e);
            return e;
        })];
    }
}
