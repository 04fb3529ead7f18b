namespace StreamInsight.Expressions.Patterns;

/// <summary>A part of a parsed pattern.</summary>
internal abstract class PatternNode
{
    /// <summary>Instructions it takes, repetitions written out.</summary>
    public abstract int Size { get; }

    /// <summary>The greatest product of nested repetition counts.</summary>
    public virtual int Repeats => 1;
}

internal enum Assertion : byte
{
    TextStart,
    TextEnd,
    LineStart,
    LineEnd,
    WordBoundary,
    NoWordBoundary,
}

/// <summary>One code point of a set.</summary>
internal sealed class SetNode(CodePoints set) : PatternNode
{
    public CodePoints Set { get; } = set;

    public override int Size => 1;
}

internal sealed class AssertionNode(Assertion assertion) : PatternNode
{
    public Assertion Assertion { get; } = assertion;

    public override int Size => 1;
}

internal sealed class SequenceNode(PatternNode[] parts) : PatternNode
{
    public PatternNode[] Parts { get; } = parts;

    public override int Size { get; } = (int)Math.Min(parts.Sum(p => (long)p.Size), int.MaxValue);

    public override int Repeats { get; } = parts.Length == 0 ? 1 : parts.Max(p => p.Repeats);
}

internal sealed class AlternativesNode(PatternNode[] parts) : PatternNode
{
    public PatternNode[] Parts { get; } = parts;

    public override int Size { get; } = (int)Math.Min(parts.Sum(p => (long)p.Size + 2), int.MaxValue);

    public override int Repeats { get; } = parts.Max(p => p.Repeats);
}

/// <summary>low to high times; high of -1 = without end.</summary>
internal sealed class RepeatNode(PatternNode part, int low, int high) : PatternNode
{
    public PatternNode Part { get; } = part;

    public int Low { get; } = low;

    public int High { get; } = high;

    public override int Size { get; } = (int)Math.Min((Math.Max(low, high) + 1L) * (part.Size + 2L), int.MaxValue);

    public override int Repeats { get; } = (int)Math.Min((long)Math.Max(Math.Max(low, high), 1) * part.Repeats, int.MaxValue);
}
