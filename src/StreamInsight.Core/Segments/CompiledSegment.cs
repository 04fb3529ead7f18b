using StreamInsight.Engine;

namespace StreamInsight.Segments;

/// <summary>One segment, ready to be judged. <paramref name="Exit"/> null = when <paramref name="When"/> is not true.</summary>
public sealed record CompiledSegment(int Index, string Name, Condition When, Condition? Exit, long ForMs, long MinStayMs);
