namespace StreamInsight.Sqlite;

/// <summary>The log cannot take this record now; nothing was stored. Try again later.</summary>
public sealed class LogRefusedException(string message, Exception? inner = null) : Exception(message, inner);
