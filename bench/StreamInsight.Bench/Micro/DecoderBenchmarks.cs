using System.Text.Json;
using BenchmarkDotNet.Attributes;
using StreamInsight.Bench.Floor;
using StreamInsight.Definitions;
using StreamInsight.Events;

namespace StreamInsight.Bench.Micro;

/// <summary>Reading 1,000 messages of W; times are per message.</summary>
[MemoryDiagnoser]
public class DecoderBenchmarks
{
    private const int Count = 1000;

    private readonly CustomerEvent _event = new();
    private byte[] _text = [];
    private (int Start, int Length)[] _lines = [];
    private RecordReader _reader = null!;

    [GlobalSetup]
    public void Setup()
    {
        var stream = new MemoryStream();
        new WorkloadW(Events: Count, Customers: 1000).Write(stream);
        _text = stream.ToArray();
        _lines = new (int, int)[Count];
        for (int i = 0, at = 0; i < Count; i++)
        {
            int length = _text.AsSpan(at).IndexOf((byte)'\n');
            _lines[i] = (at, length);
            at += length + 1;
        }

        var faults = new List<ModelFault>();
        string model = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "w.yaml"));
        _reader = new RecordReader(new EventSchema(ModelReader.Read(model, faults) ?? throw new InvalidOperationException(string.Join('\n', faults))));
    }

    /// <summary>Every check of the semantics, all that the model declares.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public long Decoder()
    {
        long sum = 0;
        foreach (var (start, length) in _lines)
        {
            _reader.Begin(_text.AsMemory(start, length), RecordSource.File);
            while (_reader.Next(_event))
                sum += _event.TimestampMs;
        }

        return sum;
    }

    /// <summary>The floor's five fields through System.Text.Json's reader.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public long FloorUtf8JsonReader() => Parsed<ReaderParser>();

    /// <summary>The floor's five fields by position.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public long FloorSpecialParser() => Parsed<SpecialParser>();

    [Benchmark(OperationsPerInvoke = Count)]
    public long JsonDocumentAlone()
    {
        long sum = 0;
        foreach (var (start, length) in _lines)
        {
            using var document = JsonDocument.Parse(_text.AsMemory(start, length));
            sum += document.RootElement.GetProperty("userId"u8).ValueKind == JsonValueKind.String ? 1 : 0;
        }

        return sum;
    }

    private long Parsed<TParser>()
        where TParser : IFloorParser
    {
        long sum = 0;
        foreach (var (start, length) in _lines)
        {
            TParser.Parse(_text.AsSpan(start, length), out var e);
            sum += e.TimeMs;
        }

        return sum;
    }
}
