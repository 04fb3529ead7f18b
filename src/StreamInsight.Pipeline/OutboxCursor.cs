namespace StreamInsight.Pipeline;

/// <summary>How far one sink has taken the outbox. Read by any thread, moved by the sink's task.</summary>
public sealed class OutboxCursor(Outbox outbox, string sink, long position)
{
    private long _position = position;

    public string Sink { get; } = sink;

    /// <summary>The last position taken; stored with the next commit, so after a crash a little is delivered again.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>As last put into a checkpoint.</summary>
    internal long Saved { get; set; } = position;

    /// <summary>Facts not taken yet.</summary>
    public long Behind => Math.Max(0, outbox.Last - Position);

    public void MoveTo(long taken)
    {
        Volatile.Write(ref _position, taken);
        outbox.Taken.Set();
    }
}
