namespace StreamInsight.Redis.State;

/// <summary>What is in Redis belongs to another installation, another model or a newer version; the message is one clear line that says what to do. Exit code 1.</summary>
public sealed class StoreMismatchException(string message) : Exception(message);
