using System.Buffers;
using BenchmarkDotNet.Attributes;
using StreamInsight.Expressions;
using StreamInsight.Facts;

namespace StreamInsight.Bench.Micro;

[MemoryDiagnoser]
public class WriterBenchmarks
{
    private readonly ArrayBufferWriter<byte> _output = new(4096);
    private readonly Fact _fact = new()
    {
        Customer = "c012345",
        Seq = 17,
        AtMs = 1_790_000_000_123,
        BornMs = 1_789_000_000_000,
        Kind = FactKind.SegmentEntered,
        Model = "workload-w@1",
        Cause = "event:0000001e2b3c4d5e",
        Subject = "needs_help",
    };

    [Benchmark]
    public int FactLine()
    {
        _output.ResetWrittenCount();
        FactWriter.Write(_fact, _output);
        return _output.WrittenCount;
    }

    [Benchmark]
    public int Double()
    {
        _output.ResetWrittenCount();
        ValueWriter.Write(Value.Double(8911.407), _output);
        return _output.WrittenCount;
    }
}
