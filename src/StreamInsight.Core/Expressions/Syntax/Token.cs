namespace StreamInsight.Expressions.Syntax;

internal enum TokenKind : byte
{
    End,
    Identifier,
    QuotedIdentifier,
    Literal,
    LeftParenthesis,
    RightParenthesis,
    LeftBracket,
    RightBracket,
    LeftBrace,
    RightBrace,
    Dot,
    Comma,
    Colon,
    Question,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    Not,
    And,
    Or,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
}

/// <summary>One token. <paramref name="Text"/> = the name of an identifier, the source text of anything else; <paramref name="Value"/> = a literal's value.</summary>
internal readonly record struct Token(TokenKind Kind, int Position, int Length, string Text, Value Value);

/// <summary>
/// The first thing wrong with a text's syntax. Thrown and caught inside <see cref="Parser"/> only, at load.
/// </summary>
internal sealed class SyntaxException(int position, string message) : Exception(message)
{
    /// <summary>Offset in the source, UTF-16 units from 0.</summary>
    public int Position { get; } = position;
}
