using StreamInsight.Expressions;

namespace StreamInsight.Events;

/// <summary>A message's context as a CEL map.</summary>
internal static class ContextReader
{
    public static Value Read(ReadOnlySpan<byte> json) => default;
}
