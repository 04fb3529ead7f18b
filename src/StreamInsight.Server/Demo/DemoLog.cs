using System.Diagnostics;

namespace StreamInsight.Server.Demo;

/// <summary>The service's log while a picture is on the screen: the last warning is kept for a while, and passed on where there is a place for it.</summary>
internal sealed class DemoLog(Action<string>? print) : ILoggerProvider, ILogger
{
    private static readonly TimeSpan Shown = TimeSpan.FromSeconds(15);

    private ILoggerFactory? _factory;
    private volatile Tuple<string, long>? _warning;

    /// <summary>What the service logs through; lives as long as this. That the host did not start is told by an exception, once.</summary>
    public ILoggerFactory Factory => _factory ??= LoggerFactory.Create(
        logging => logging.AddProvider(this).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None).AddFilter("Microsoft.Hosting", LogLevel.None));

    /// <summary>The last warning or error, one line; null = there was none lately.</summary>
    public string? Warning => _warning is { } warning && Stopwatch.GetElapsedTime(warning.Item2) < Shown ? warning.Item1 : null;

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            Warn(formatter(state, exception) + (exception is null ? "" : $" ({exception.GetType().Name}: {exception.Message})"));
    }

    public void Warn(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        _warning = Tuple.Create(line, Stopwatch.GetTimestamp());
        print?.Invoke(line);
    }

    public void Dispose()
    {
    }
}
