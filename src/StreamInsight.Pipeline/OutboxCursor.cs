namespace StreamInsight.Pipeline;

/// <summary>How far one sink has taken the outbox. Read by any thread, moved by the sink's task.</summary>
public sealed class OutboxCursor(Outbox outbox, string sink, long position, bool holdsSources = true)
{
    private long _position = position;
    private long _saved = position;

    public string Sink { get; } = sink;

    /// <summary>A full outbox behind it pauses the sources.</summary>
    internal bool HoldsSources { get; } = holdsSources;

    /// <summary>The last position taken; stored with the next commit, so after a crash a little is delivered again.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>It has moved since it was last put into a checkpoint.</summary>
    internal bool IsUnsaved => Position != _saved;

    /// <summary>Facts not taken yet.</summary>
    public long Behind => Math.Max(0, outbox.Last - Position);

    internal long Save() => _saved = Position;

    public void MoveTo(long taken)
    {
        Volatile.Write(ref _position, taken);
        outbox.Taken.Set();
    }
}
