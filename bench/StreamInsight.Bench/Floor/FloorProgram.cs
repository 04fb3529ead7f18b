using Microsoft.Win32.SafeHandles;

namespace StreamInsight.Bench.Floor;

/// <summary>
/// The hand-written program that W is measured against: everything fixed at compile time. Threads read blocks of the file side by side, sort the events
/// by the thread that owns the customer, meet, and each applies what is its own in the order of the file.
/// </summary>
internal sealed class FloorProgram<TParser>(string path, int threads)
    where TParser : IFloorParser
{
    private const int BlockBytes = 1 << 20;
    private const int LongestLine = 1 << 15;

    private readonly FloorPartition[] _partitions = [.. Enumerable.Range(0, threads).Select(_ => new FloorPartition())];

    // [reader][owner]
    private readonly List<FloorEvent>[][] _events =
        [.. Enumerable.Range(0, threads).Select(_ => Enumerable.Range(0, threads).Select(_ => new List<FloorEvent>(1 << 14)).ToArray())];

    public FloorResult Run()
    {
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        long length = RandomAccess.GetLength(file);
        using var barrier = new Barrier(threads);
        var counts = new long[threads];
        var others = Enumerable.Range(1, threads - 1).Select(t => new Thread(() => counts[t] = Work(t, file, length, barrier))).ToList();
        others.ForEach(t => t.Start());
        counts[0] = Work(0, file, length, barrier);
        others.ForEach(t => t.Join());
        return new FloorResult(counts.Sum(), _partitions.Sum(p => p.Count), _partitions.Sum(p => p.Entered), _partitions.Sum(p => p.Left));
    }

    private long Work(int thread, SafeFileHandle file, long length, Barrier barrier)
    {
        long count = 0;
        var buffer = new byte[BlockBytes + LongestLine];
        var owned = _events[thread];
        for (long from = 0; from < length; from += (long)threads * BlockBytes)
        {
            foreach (var list in owned)
                list.Clear();
            count += ReadBlock(file, from + ((long)thread * BlockBytes), length, buffer, owned);
            if (threads > 1)
                barrier.SignalAndWait();
            foreach (var reader in _events)
                _partitions[thread].Apply(reader[thread]);
            if (threads > 1)
                barrier.SignalAndWait();
        }

        return count;
    }

    /// <summary>Parses the lines that begin in one block.</summary>
    private int ReadBlock(SafeFileHandle file, long from, long length, byte[] buffer, List<FloorEvent>[] owned)
    {
        if (from >= length)
            return 0;

        // One byte earlier, to see whether a line begins at the block's first byte.
        long start = Math.Max(from - 1, 0);
        var text = buffer.AsSpan(0, RandomAccess.Read(file, buffer, start));
        int at = from == 0 ? 0 : text.IndexOf((byte)'\n') + 1;
        int end = (int)(from + BlockBytes - start), count = 0;
        while (at < end && at < text.Length)
        {
            int lineLength = text[at..].IndexOf((byte)'\n');
            if (lineLength < 0)
                lineLength = text.Length - at;
            TParser.Parse(text.Slice(at, lineLength), out var e);
            owned[threads == 1 ? 0 : (int)((FloorPartition.Hash(e.Customer) >> 20) % (uint)threads)].Add(e);
            count++;
            at += lineLength + 1;
        }

        return count;
    }
}
