using System.Globalization;

namespace StreamInsight.Events;

/// <summary>
/// Where a message stands in its source: <paramref name="Source"/> is empty for a file, <c>log</c> or Kafka's <c>topic/partition</c>; positions of one source are
/// ordered by <paramref name="Offset"/> (a file's line from 1, the log's row from 1, Kafka's offset), then by <paramref name="Index"/>
/// (place in a batch from 0; -1 = not in a batch). <c>default</c> is no position.
/// </summary>
public readonly record struct SourcePosition(string Source, long Offset, int Index)
{
    /// <summary>The source of a plain file; its positions are written without it.</summary>
    public const string File = "";

    /// <summary>The source of the embedded log.</summary>
    public const string Log = "log";

    /// <summary>Whether this stands behind <paramref name="other"/>; both are of one source.</summary>
    public bool IsAfter(in SourcePosition other) => Offset != other.Offset ? Offset > other.Offset : Index > other.Index;

    /// <summary>As dead letters and causes write it: <c>17</c>, <c>17.2</c>, <c>log/17</c>, <c>insight.events/3/17.2</c>.</summary>
    public override string ToString()
    {
        string prefix = string.IsNullOrEmpty(Source) ? "" : Source + "/";
        return Index < 0
            ? string.Create(CultureInfo.InvariantCulture, $"{prefix}{Offset}")
            : string.Create(CultureInfo.InvariantCulture, $"{prefix}{Offset}.{Index}");
    }
}
