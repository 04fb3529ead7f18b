using System.Buffers;
using StreamInsight.Facts;

namespace StreamInsight.Pipeline.Replay;

/// <summary>
/// Facts of one thread, brought into the order of a replay (at, customer, seq) in bounded memory: full buffers are sorted and written to temporary files,
/// and merged at the end.
/// </summary>
internal sealed class FactRuns(string? directory, int factsInMemory = 200_000) : IDisposable
{
    private readonly List<Fact> _buffer = [];
    private readonly List<string> _files = [];

    /// <summary>Takes facts in, in any order of customers.</summary>
    public void Add(List<Fact> facts)
    {
        _buffer.AddRange(facts);
        if (_buffer.Count >= factsInMemory)
            Spill();
    }

    /// <summary>Writes every fact of all runs to <paramref name="output"/>, a line each, in order.</summary>
    public static void WriteAll(IReadOnlyList<FactRuns> all, Stream output)
    {
        var cursors = new PriorityQueue<IEnumerator<FactLine>, FactLine>(Comparer<FactLine>.Create(FactLine.Compare));
        foreach (IEnumerator<FactLine> run in all.SelectMany(runs => runs.Sorted()))
            if (run.MoveNext())
                cursors.Enqueue(run, run.Current);
        while (cursors.TryDequeue(out IEnumerator<FactLine>? run, out FactLine line))
        {
            output.Write(line.Line.Span);
            output.WriteByte((byte)'\n');
            if (run.MoveNext())
                cursors.Enqueue(run, run.Current);
            else
                run.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (string file in _files)
            File.Delete(file);
        _files.Clear();
    }

    private IEnumerable<IEnumerator<FactLine>> Sorted()
    {
        _buffer.Sort(Compare);
        yield return InMemory().GetEnumerator();
        foreach (string file in _files)
            yield return FromFile(file).GetEnumerator();
    }

    private IEnumerable<FactLine> InMemory()
    {
        var line = new ArrayBufferWriter<byte>(512);
        foreach (Fact fact in _buffer)
        {
            line.ResetWrittenCount();
            FactWriter.Write(fact, line);
            yield return new FactLine(fact.AtMs, fact.Customer, fact.Seq, line.WrittenMemory);
        }
    }

    private static IEnumerable<FactLine> FromFile(string path)
    {
        using var reader = new BinaryReader(new BufferedStream(File.OpenRead(path), 1 << 18));
        while (reader.BaseStream.Position < reader.BaseStream.Length)
            yield return new FactLine(reader.ReadInt64(), reader.ReadString(), reader.ReadInt64(), reader.ReadBytes(reader.ReadInt32()));
    }

    private void Spill()
    {
        _buffer.Sort(Compare);
        string path = Path.Combine(directory ?? Path.GetTempPath(), $".facts-{Guid.NewGuid():N}.run");
        _files.Add(path);
        using var writer = new BinaryWriter(new BufferedStream(File.Create(path), 1 << 18));
        foreach (FactLine line in InMemory())
        {
            writer.Write(line.AtMs);
            writer.Write(line.Customer);
            writer.Write(line.Seq);
            writer.Write(line.Line.Length);
            writer.Write(line.Line.Span);
        }

        _buffer.Clear();
    }

    private static int Compare(Fact a, Fact b) =>
        a.AtMs != b.AtMs ? a.AtMs.CompareTo(b.AtMs)
        : Utf8Order.Compare(a.Customer, b.Customer) is not 0 and var order ? order
        : a.Seq.CompareTo(b.Seq);

    private readonly record struct FactLine(long AtMs, string Customer, long Seq, ReadOnlyMemory<byte> Line)
    {
        public static int Compare(FactLine a, FactLine b) =>
            a.AtMs != b.AtMs ? a.AtMs.CompareTo(b.AtMs)
            : Utf8Order.Compare(a.Customer, b.Customer) is not 0 and var order ? order
            : a.Seq.CompareTo(b.Seq);
    }
}
