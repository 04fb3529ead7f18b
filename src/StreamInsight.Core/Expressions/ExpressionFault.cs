namespace StreamInsight.Expressions;

/// <summary>What is wrong with an expression, and where: line and column count from 1 within its own text.</summary>
public readonly record struct ExpressionFault(int Line, int Column, string Message)
{
    public override string ToString() => $"{Line}:{Column}: {Message}";
}
