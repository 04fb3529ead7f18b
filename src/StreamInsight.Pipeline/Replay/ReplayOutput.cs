using System.Buffers;
using System.Text;
using StreamInsight.Events;
using StreamInsight.Facts;

namespace StreamInsight.Pipeline.Replay;

/// <summary>The files of a replay; without a directory everything is dropped.</summary>
internal sealed class ReplayOutput : IDisposable
{
    private const int ProfilesAtOnce = 512;

    private readonly string? _directory;
    private readonly Stream _dead;
    private readonly ArrayBufferWriter<byte> _line = new(4096);

    public ReplayOutput(string? directory)
    {
        _directory = directory;
        if (directory is not null)
            Directory.CreateDirectory(directory);
        _dead = Create("dead.jsonl");
    }

    public void WriteDead(SourcePosition position, Refusal reason, ReadOnlySpan<byte> record)
    {
        if (_directory is null)
            return;
        _line.ResetWrittenCount();
        DeadLetterWriter.Write(position.ToString(), reason, record, _line);
        _line.Write("\n"u8);
        _dead.Write(_line.WrittenSpan);
    }

    public void WriteFacts(IReadOnlyList<FactRuns> runs)
    {
        if (_directory is null)
            return;
        using Stream file = Create("facts.jsonl");
        FactRuns.WriteAll(runs, file);
    }

    public void WriteProfiles(CompiledModel model, Decisions.SharedState shared, CustomerState[] customers, int parallel)
    {
        if (_directory is null)
            return;
        Array.Sort(customers, (a, b) => Utf8Order.Compare(a.Id, b.Id));
        using Stream file = Create("profiles.jsonl");
        IEnumerable<ArrayBufferWriter<byte>> chunks = customers.Chunk(ProfilesAtOnce).AsParallel().AsOrdered().WithDegreeOfParallelism(parallel)
            .WithMergeOptions(ParallelMergeOptions.AutoBuffered)
            .Select(chunk =>
            {
                var lines = new ArrayBufferWriter<byte>(64 * 1024);
                var profiles = new ProfileWriter(model, shared);
                foreach (CustomerState customer in chunk)
                {
                    profiles.Write(customer, lines);
                    lines.Write("\n"u8);
                }

                return lines;
            });
        foreach (ArrayBufferWriter<byte> lines in chunks)
            file.Write(lines.WrittenSpan);
    }

    public void WriteSummary(ReplaySummary summary)
    {
        if (_directory is null)
            return;
        using Stream file = Create("summary.json");
        file.Write(Encoding.UTF8.GetBytes(ReplaySummaryWriter.Write(summary)));
    }

    public void Dispose() => _dead.Dispose();

    private Stream Create(string name) =>
        _directory is null ? Stream.Null : new BufferedStream(File.Create(Path.Combine(_directory, name)), 1 << 18);
}
