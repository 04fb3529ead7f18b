namespace StreamInsight.Pipeline;

/// <summary>Fact lines to a file or to standard output, in order; after a crash the last few may stand there twice (same id).</summary>
public sealed class JsonlFactSink(string name, Stream output) : IFactSink
{
    private readonly MemoryStream _lines = new();

    public string Name { get; } = name;

    /// <summary>Appends to a file.</summary>
    public static JsonlFactSink ToFile(string path) =>
        new("file", new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, 1));

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
}
