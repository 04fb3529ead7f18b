namespace StreamInsight.Pipeline;

/// <summary>Fact lines to a file or to standard output, in order; after a crash the last few may stand there twice (same id).</summary>
public sealed class JsonlFactSink(string name, Stream output) : IFactSink
{
    private readonly MemoryStream _lines = new();

    public string Name { get; } = name;

    /// <summary>Appends to a file. Half a line at its end, left by a crash, goes: that fact is delivered again.</summary>
    public static JsonlFactSink ToFile(string path)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 1);
        if (file.CanSeek && file.Length > 0)
        {
            file.SetLength(EndOfLastLine(file));
            file.Seek(0, SeekOrigin.End);
        }
        return new JsonlFactSink("file", file);
    }

    public async Task DeliverAsync(IReadOnlyList<OutboxFact> facts, CancellationToken cancel)
    {
        _lines.SetLength(0);
        foreach (OutboxFact fact in facts)
        {
            _lines.Write(fact.Line.Span);
            _lines.WriteByte((byte)'\n');
        }
        await output.WriteAsync(_lines.GetBuffer().AsMemory(0, (int)_lines.Length), cancel);
        await output.FlushAsync(cancel);
    }

    public ValueTask DisposeAsync() => output.DisposeAsync();

    private static long EndOfLastLine(FileStream file)
    {
        Span<byte> block = new byte[4096];
        for (long end = file.Length; end > 0;)
        {
            long start = Math.Max(0, end - block.Length);
            file.Seek(start, SeekOrigin.Begin);
            file.ReadExactly(block[..(int)(end - start)]);
            int lineEnd = block[..(int)(end - start)].LastIndexOf((byte)'\n');
            if (lineEnd >= 0)
                return start + lineEnd + 1;
            end = start;
        }
        return 0;
    }
}
