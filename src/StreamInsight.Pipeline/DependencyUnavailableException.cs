namespace StreamInsight.Pipeline;

/// <summary>A service, file or disk we need cannot be reached or used; the message is one clear line that says what to do. Exit code 3.</summary>
public sealed class DependencyUnavailableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>It may be over by itself (a full disk, a lock): nothing was changed, and the same may be tried again.</summary>
    public bool MayPass { get; init; }
}
