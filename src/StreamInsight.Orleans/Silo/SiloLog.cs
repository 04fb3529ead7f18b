using Microsoft.Extensions.Logging;

namespace StreamInsight.Orleans.Silo;

/// <summary>What the silo says of itself, from warnings up, among the log lines of the service.</summary>
internal sealed class SiloLog(ILoggerFactory logs) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => logs.CreateLogger(categoryName);

    public void Dispose()
    {
    }
}
