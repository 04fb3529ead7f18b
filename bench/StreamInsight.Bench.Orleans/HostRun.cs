using System.Diagnostics;
using System.Threading.Channels;
using StreamInsight.Events;
using StreamInsight.Facts;
using StreamInsight.Pipeline;

namespace StreamInsight.Bench.Orleans;

/// <summary>W through one host, as the worker does it: one thread decodes, the other applies in runs, fires timers and takes changes; nothing is stored.</summary>
internal sealed class HostRun(string path, CompiledModel model, int runOf)
{
    private const int Ahead = 8;
    private const int MessagesACheckpoint = 32768;

    public int Events { get; private set; }

    public int Entered { get; private set; }

    public int Left { get; private set; }

    public long Customers { get; private set; }

    public double Seconds { get; private set; }

    public double ProcessorSeconds { get; private set; }

    public long BytesAtEnd { get; private set; }

    public async Task<HostRun> OfAsync(ICustomerHost host)
    {
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long started = Stopwatch.GetTimestamp();
        Channel<Decoded> full = Channel.CreateBounded<Decoded>(Ahead), empty = Channel.CreateUnbounded<Decoded>();
        for (int i = 0; i < Ahead; i++)
            empty.Writer.TryWrite(new Decoded());
        Task reading = Task.Run(() => DecodeAsync(empty.Reader, full.Writer));
        await Task.Run(() => ApplyAsync(host, full.Reader, empty.Writer));
        await reading;
        Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        ProcessorSeconds = (Environment.CpuUsage.TotalTime - processor).TotalSeconds;
        Customers = host.CustomerCount;
        BytesAtEnd = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(host);
        return this;
    }

    private async Task ApplyAsync(ICustomerHost host, ChannelReader<Decoded> full, ChannelWriter<Decoded> empty)
    {
        var facts = new List<Fact>();
        int uncommitted = 0;
        await foreach (Decoded batch in full.ReadAllAsync())
        {
            await host.ProcessAsync(batch.Run, facts);
            Events += batch.Run.Count;
            while (await host.FireTimersAsync(batch.LastTimeMs, 256, facts) > 0)
            {
            }
            uncommitted += batch.Run.Count;
            if (uncommitted >= MessagesACheckpoint || facts.Count > 1000)
            {
                await host.TakeChangesAsync();
                host.Trim();
                uncommitted = 0;
                Count(facts);
            }
            empty.TryWrite(batch);
        }
        await host.TakeChangesAsync();
        host.Trim();
        Count(facts);
    }

    private void Count(List<Fact> facts)
    {
        Entered += facts.Count(fact => fact.Kind == FactKind.SegmentEntered);
        Left += facts.Count(fact => fact.Kind == FactKind.SegmentLeft);
        facts.Clear();
    }

    private async Task DecodeAsync(ChannelReader<Decoded> empty, ChannelWriter<Decoded> full)
    {
        using FileStream file = File.OpenRead(path);
        var reader = new RecordReader(model.Events);
        byte[] rest = [];
        long line = 0;
        for (bool more = true; more;)
        {
            Decoded batch = await empty.ReadAsync();
            more = batch.Fill(file, ref rest, reader, ref line, runOf);
            await full.WriteAsync(batch);
        }
        full.Complete();
    }

    /// <summary>A run of messages and the bytes they stand in.</summary>
    private sealed class Decoded
    {
        private readonly List<CustomerEvent> _events = [];
        private byte[] _bytes = new byte[1 << 20];

        public MessageRun Run { get; } = new();

        public long LastTimeMs { get; private set; }

        public bool Fill(FileStream file, ref byte[] rest, RecordReader reader, ref long line, int runOf)
        {
            Run.Clear();
            if (_bytes.Length < rest.Length + runOf * 256)
                _bytes = new byte[rest.Length + runOf * 256];
            rest.CopyTo(_bytes, 0);
            int length = rest.Length + file.ReadAtLeast(_bytes.AsSpan(rest.Length, runOf * 240), runOf * 240, throwOnEndOfStream: false);
            int at = 0;
            while (Run.Count < runOf && _bytes.AsSpan(at, length - at).IndexOf((byte)'\n') is >= 0 and var end)
            {
                if (Run.Count == _events.Count)
                    _events.Add(new CustomerEvent());
                CustomerEvent message = _events[Run.Count];
                reader.Begin(_bytes.AsMemory(at, end), RecordSource.File);
                reader.Next(message);
                LastTimeMs = Math.Max(LastTimeMs, message.RecordTimeMs);
                Run.Add(message, new SourcePosition("", ++line, -1));
                at += end + 1;
            }
            rest = _bytes[at..length];
            return rest.Length > 0 || file.Position < file.Length;
        }
    }
}
