using StreamInsight.Engine;

namespace StreamInsight.Segments;

/// <summary>
/// One segment, ready to be judged. <paramref name="Index"/> is its decision: segments are numbered so that one comes after those it reads;
/// <paramref name="Written"/> is its place in the model. <paramref name="Exit"/> null = when <paramref name="When"/> is not true.
/// </summary>
public sealed record CompiledSegment(int Index, int Written, string Name, Condition When, Condition? Exit, long ForMs, long MinStayMs);
