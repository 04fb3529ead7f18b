namespace StreamInsight.Definitions;

/// <summary>Where something stands in the model file. Line and column count from 1; <c>default</c> (0, 0) = not in a file.</summary>
public readonly record struct Mark(int Line, int Column) : IComparable<Mark>
{
    public int CompareTo(Mark other) => Line != other.Line ? Line.CompareTo(other.Line) : Column.CompareTo(other.Column);
}
