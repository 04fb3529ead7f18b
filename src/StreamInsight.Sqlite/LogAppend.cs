namespace StreamInsight.Sqlite;

/// <summary>A record that waits to be written, or a dead letter that waits to become one again.</summary>
/// <param name="deadLetter">Its number; 0 = it is none.</param>
internal sealed class LogAppend(byte[] body, long deadLetter = 0)
{
    /// <summary>Of a dead letter: set when it is taken.</summary>
    public byte[] Body { get; set; } = body;

    public long DeadLetter { get; } = deadLetter;

    /// <summary>A dead letter that cannot be put back.</summary>
    public bool IsSkipped { get; set; }

    public TaskCompletionSource<long> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
