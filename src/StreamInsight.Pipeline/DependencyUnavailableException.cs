namespace StreamInsight.Pipeline;

/// <summary>A service, file or disk we need cannot be reached or used; the message is one clear line that says what to do. Exit code 3.</summary>
public sealed class DependencyUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
