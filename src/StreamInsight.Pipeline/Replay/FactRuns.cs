using System.Buffers;
using StreamInsight.Facts;

namespace StreamInsight.Pipeline.Replay;

/// <summary>
/// Facts of one thread, brought into the order of a replay (at, customer, seq) in bounded memory: a fact is its line as soon as it is taken in; full buffers are sorted and
/// written to temporary files, and merged at the end. Without a directory nobody reads them, and nothing is kept.
/// </summary>
internal sealed class FactRuns(string? directory, int bytesInMemory = 1 << 26) : IDisposable
{
    private readonly ArrayBufferWriter<byte> _lines = new();
    private readonly List<Line> _order = [];
    private readonly List<string> _files = [];

    /// <summary>Takes facts in, in any order of customers.</summary>
    public void Add(List<Fact> facts)
    {
        if (directory is null)
            return;
        foreach (Fact fact in facts)
        {
            int start = _lines.WrittenCount;
            FactWriter.Write(fact, _lines);
            _order.Add(new Line(fact.AtMs, fact.Customer, fact.Seq, start, _lines.WrittenCount - start));
        }

        if (_lines.WrittenCount >= bytesInMemory)
            Spill(directory);
    }

    /// <summary>Writes every fact of all runs to <paramref name="output"/>, a line each, in order.</summary>
    public static void WriteAll(IReadOnlyList<FactRuns> all, Stream output)
    {
        var cursors = new PriorityQueue<IEnumerator<FactLine>, FactLine>(Comparer<FactLine>.Create((a, b) => Compare(a.Place, b.Place)));
        foreach (IEnumerator<FactLine> run in all.SelectMany(runs => runs.Sorted()))
            if (run.MoveNext())
                cursors.Enqueue(run, run.Current);
        while (cursors.TryDequeue(out IEnumerator<FactLine>? run, out FactLine line))
        {
            output.Write(line.Text.Span);
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
        yield return InMemory().GetEnumerator();
        foreach (string file in _files)
            yield return FromFile(file).GetEnumerator();
    }

    private IEnumerable<FactLine> InMemory()
    {
        _order.Sort(Compare);
        foreach (Line line in _order)
            yield return new FactLine(line, _lines.WrittenMemory.Slice(line.Start, line.Length));
    }

    private static IEnumerable<FactLine> FromFile(string path)
    {
        using var reader = new BinaryReader(new BufferedStream(File.OpenRead(path), 1 << 18));
        while (reader.BaseStream.Position < reader.BaseStream.Length)
        {
            var line = new Line(reader.ReadInt64(), reader.ReadString(), reader.ReadInt64(), 0, reader.ReadInt32());
            yield return new FactLine(line, reader.ReadBytes(line.Length));
        }
    }

    private void Spill(string to)
    {
        string path = Path.Combine(to, $".facts-{Guid.NewGuid():N}.run");
        _files.Add(path);
        using var writer = new BinaryWriter(new BufferedStream(File.Create(path), 1 << 18));
        foreach (FactLine fact in InMemory())
        {
            writer.Write(fact.Place.AtMs);
            writer.Write(fact.Place.Customer);
            writer.Write(fact.Place.Seq);
            writer.Write(fact.Place.Length);
            writer.Write(fact.Text.Span);
        }

        _lines.ResetWrittenCount();
        _order.Clear();
    }

    private static int Compare(Line a, Line b) =>
        a.AtMs != b.AtMs ? a.AtMs.CompareTo(b.AtMs)
        : Utf8Order.Compare(a.Customer, b.Customer) is not 0 and var order ? order
        : a.Seq.CompareTo(b.Seq);

    /// <summary>One fact's place in the order, and where its line stands in the buffer.</summary>
    private readonly record struct Line(long AtMs, string Customer, long Seq, int Start, int Length);

    private readonly record struct FactLine(Line Place, ReadOnlyMemory<byte> Text);
}
