using Microsoft.Extensions.Logging.Console;

namespace StreamInsight.Server.Service;

/// <summary>Log lines on standard error: one a line, UTC, or JSON.</summary>
internal static class ConsoleLog
{
    public static ILoggerFactory Create(bool json) => LoggerFactory.Create(logging =>
    {
        logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);      // What it would tell, with a stack trace, the command tells in one line.
        logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (json)
            logging.AddJsonConsole(format => Stamp(format));
        else
        {
            logging.AddSimpleConsole(format =>
            {
                Stamp(format);
                format.SingleLine = true;
            });
        }
    });

    private static void Stamp(ConsoleFormatterOptions format)
    {
        format.UseUtcTimestamp = true;
        format.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
    }
}
