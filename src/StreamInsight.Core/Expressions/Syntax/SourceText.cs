namespace StreamInsight.Expressions.Syntax;

/// <summary>Turns an offset into the line and column a person counts.</summary>
internal static class SourceText
{
    public static ExpressionFault Fault(string source, int position, string message)
    {
        var line = 1;
        var column = 1;
        for (var i = 0; i < position && i < source.Length; i++)
        {
            if (source[i] == '\n')
            {
                line++;
                column = 1;
            }
            else if (!char.IsLowSurrogate(source[i]))
            {
                column++;
            }
        }
        return new ExpressionFault(line, column, message);
    }
}
