using StreamInsight.Events;

namespace StreamInsight.Pipeline.Replay;

/// <summary>Some lines of the log with the messages in them. Reused; handed from stage to stage, one owner at a time.</summary>
internal sealed class ReplayBlock(EventSchema schema)
{
    private readonly RecordReader _reader = new(schema);

    public EventSchema Schema => schema;

    public byte[] Buffer = [];

    public int Length;

    /// <summary>Lines in the buffer, blank ones included; known after <see cref="Decode"/>.</summary>
    public int Lines { get; private set; }

    public List<CustomerEvent> Events { get; } = [];

    /// <summary>How many of <see cref="Events"/> are of this block.</summary>
    public int Count { get; private set; }

    /// <summary>Per message: its line, from 0, in this block.</summary>
    public List<int> LineOf { get; } = [];

    /// <summary>In place of a slot: the message has no customer.</summary>
    public const int Nobody = -1;

    /// <summary>In place of a slot: the message is about a queue, which every part must know of.</summary>
    public const int Everybody = -2;

    /// <summary>Per message: the slot of the id that carries it, and its customer's slot, or <see cref="Nobody"/> or <see cref="Everybody"/>.</summary>
    public (int Id, int Root)[] Slots = [];

    /// <summary>Line number of the buffer's first line, from 1.</summary>
    public long FirstLine;

    /// <summary>Per part of the customers: its messages in order, filled by the router ahead of the parts.</summary>
    public int[][] Order = [];

    /// <summary>Makes room to spread the messages over <paramref name="parts"/>.</summary>
    public void Prepare(int parts)
    {
        if (Order.Length != parts || Order[0].Length < Count)
            Order = [.. Enumerable.Range(0, parts).Select(_ => new int[Events.Count])];
    }

    /// <summary>Completes when the router and every part are done with the block.</summary>
    public Task Done => _done.Task;

    private TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _pending = 1;

    public void Started() => Interlocked.Increment(ref _pending);

    public void Finished()
    {
        if (Interlocked.Decrement(ref _pending) == 0)
            _done.SetResult();
    }

    public SourcePosition PositionOf(int index) => new(SourcePosition.File, FirstLine + LineOf[index], Events[index].BatchIndex);

    public void Decode()
    {
        Count = 0;
        _pending = 1;
        _done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        LineOf.Clear();
        int line = 0, start = 0;
        while (start < Length)
        {
            int length = Buffer.AsSpan(start, Length - start).IndexOf((byte)'\n');
            int next = length < 0 ? Length : start + length + 1;
            int end = length < 0 ? Length : start + length;
            if (end > start && Buffer[end - 1] == '\r')
                end--;
            if (!RecordReader.IsBlank(Buffer.AsSpan(start, end - start)))
                DecodeLine(Buffer.AsMemory(start, end - start), line);
            start = next;
            line++;
        }

        Lines = line;
        if (Slots.Length < Count)
            Slots = new (int, int)[Events.Count];
    }

    private void DecodeLine(ReadOnlyMemory<byte> text, int line)
    {
        _reader.Begin(text, RecordSource.File);
        while (_reader.Next(EventAt(Count)))
        {
            LineOf.Add(line);
            Count++;
        }
    }

    private CustomerEvent EventAt(int index)
    {
        if (index == Events.Count)
            Events.Add(new CustomerEvent());
        return Events[index];
    }
}
