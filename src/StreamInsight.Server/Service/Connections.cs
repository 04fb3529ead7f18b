using Microsoft.Extensions.Logging;
using StreamInsight.Pipeline;
using StreamInsight.Server.Configuration;
using StreamInsight.Sqlite;

namespace StreamInsight.Server.Service;

/// <summary>Makes the sources and sinks that the options name; nothing connects yet.</summary>
internal static class Connections
{
    public static IEnumerable<IEventSource> Sources(InsightOptions options, CompiledModel model, SqliteLog log, TimeProvider time, ILogger logger)
    {
        yield return log.OpenSource();
        if (options.File is { } file)
            yield return new JsonlFileSource(file.Path, file.Speed, model.Events, time);
    }

    public static IEnumerable<IFactSink> Sinks(InsightOptions options, CompiledModel model, ILogger logger)
    {
        if (options.FactsFile is { } facts)
            yield return facts == "-" ? new JsonlFactSink("stdout", Console.OpenStandardOutput()) : JsonlFactSink.ToFile(facts);
    }

    public static IEnumerable<IDeadLetters> DeadLetters(InsightOptions options)
    {
        yield break;
    }
}
