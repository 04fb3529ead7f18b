using System.Globalization;

namespace StreamInsight.Expressions.Syntax;

/// <summary>Cuts CEL source into tokens. Throws <see cref="SyntaxException"/> at the first text that is none.</summary>
internal ref struct Lexer(string source)
{
    private int _at;

    public static List<Token> Tokens(string source)
    {
        var lexer = new Lexer(source);
        var tokens = new List<Token>();
        do
            tokens.Add(lexer.Next());
        while (tokens[^1].Kind != TokenKind.End);
        return tokens;
    }

    private Token Next()
    {
        SkipBlank();
        var start = _at;
        if (_at == source.Length)
            return new Token(TokenKind.End, start, 0, "the end of the text", default);
        var c = source[_at];
        if (IsNameStart(c))
        {
            if (StringPrefixLength() is var prefix and >= 0)
                return Literal(start, TextLiteral.Read(source, ref _at, prefix));
            return Name(start);
        }
        if (c is '"' or '\'')
            return Literal(start, TextLiteral.Read(source, ref _at, 0));
        if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(Peek(1))))
            return Literal(start, Number());
        if (c == '`')
            return QuotedName(start);
        return Symbol(start, c);
    }

    private readonly Token Literal(int start, Value value) => new(TokenKind.Literal, start, _at - start, source[start.._at], value);

    private void SkipBlank()
    {
        while (_at < source.Length)
        {
            if (source[_at] is ' ' or '\t' or '\n' or '\r' or '\f')
            {
                _at++;
            }
            else if (source[_at] == '/' && Peek(1) == '/')
            {
                while (_at < source.Length && source[_at] != '\n')
                    _at++;
            }
            else
            {
                break;
            }
        }
    }

    /// <summary>Length of a string literal's prefix (r, b, br in either case) at this place; -1 if this starts no string.</summary>
    private readonly int StringPrefixLength()
    {
        var isBytes = source[_at] is 'b' or 'B';
        if ((isBytes || source[_at] is 'r' or 'R') && Peek(1) is '"' or '\'')
            return 1;
        return isBytes && Peek(1) is 'r' or 'R' && Peek(2) is '"' or '\'' ? 2 : -1;
    }

    private Token Name(int start)
    {
        while (_at < source.Length && (IsNameStart(source[_at]) || char.IsAsciiDigit(source[_at])))
            _at++;
        var name = source[start.._at];
        return name switch
        {
            "true" => new Token(TokenKind.Literal, start, name.Length, name, Value.True),
            "false" => new Token(TokenKind.Literal, start, name.Length, name, Value.False),
            "null" => new Token(TokenKind.Literal, start, name.Length, name, Value.Null),
            "in" => new Token(TokenKind.In, start, name.Length, name, default),
            _ => new Token(TokenKind.Identifier, start, name.Length, name, default),
        };
    }

    private Token QuotedName(int start)
    {
        var end = source.IndexOf('`', start + 1);
        if (end < 0)
            throw new SyntaxException(start, "a name quoted with ` has no end");
        var name = source[(start + 1)..end];
        if (name.Length == 0 || name.AsSpan().ContainsAnyExcept("_.-/ ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"))
            throw new SyntaxException(start, "a quoted name holds letters, digits, blanks and _ . - / only");
        _at = end + 1;
        return new Token(TokenKind.QuotedIdentifier, start, _at - start, name, default);
    }

    private Value Number()
    {
        var start = _at;
        if (source[_at] == '0' && Peek(1) is 'x' or 'X')
        {
            _at += 2;
            return Whole(start, source[(start + 2)..Digits(char.IsAsciiHexDigit)], NumberStyles.AllowHexSpecifier);
        }
        Digits(char.IsAsciiDigit);
        var isDouble = false;
        if (Peek(0) == '.' && char.IsAsciiDigit(Peek(1)))
        {
            isDouble = true;
            _at++;
            Digits(char.IsAsciiDigit);
        }
        if (Peek(0) is 'e' or 'E' && (char.IsAsciiDigit(Peek(1)) || (Peek(1) is '+' or '-' && char.IsAsciiDigit(Peek(2)))))
        {
            isDouble = true;
            _at += 2;
            Digits(char.IsAsciiDigit);
        }
        var text = source[start.._at];
        return isDouble ? Value.Double(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)) : Whole(start, text, NumberStyles.None);
    }

    /// <summary>
    /// A whole number with an optional u. 2^63 does not fit an int, but may be the operand of a minus: it comes out as a <see cref="ValueKind.Error"/> that the parser resolves.
    /// </summary>
    private Value Whole(int start, string digits, NumberStyles style)
    {
        if (!ulong.TryParse(digits, style, CultureInfo.InvariantCulture, out var value))
            throw new SyntaxException(start, digits.Length == 0 ? "a number has no digits" : "a whole number does not fit 64 bits");
        if (Peek(0) is 'u' or 'U')
        {
            _at++;
            return Value.Uint(value);
        }
        if (value == 1UL << 63)
            return Errors.Overflow;
        if (value > long.MaxValue)
            throw new SyntaxException(start, "a whole number does not fit an int; a uint ends in u");
        return Value.Int((long)value);
    }

    private int Digits(Func<char, bool> isDigit)
    {
        while (_at < source.Length && isDigit(source[_at]))
            _at++;
        return _at;
    }

    private Token Symbol(int start, char c)
    {
        var next = Peek(1);
        var (kind, length) = (c, next) switch
        {
            ('&', '&') => (TokenKind.And, 2),
            ('|', '|') => (TokenKind.Or, 2),
            ('=', '=') => (TokenKind.Equal, 2),
            ('!', '=') => (TokenKind.NotEqual, 2),
            ('<', '=') => (TokenKind.LessOrEqual, 2),
            ('>', '=') => (TokenKind.GreaterOrEqual, 2),
            ('<', _) => (TokenKind.Less, 1),
            ('>', _) => (TokenKind.Greater, 1),
            ('!', _) => (TokenKind.Not, 1),
            ('(', _) => (TokenKind.LeftParenthesis, 1),
            (')', _) => (TokenKind.RightParenthesis, 1),
            ('[', _) => (TokenKind.LeftBracket, 1),
            (']', _) => (TokenKind.RightBracket, 1),
            ('{', _) => (TokenKind.LeftBrace, 1),
            ('}', _) => (TokenKind.RightBrace, 1),
            ('.', _) => (TokenKind.Dot, 1),
            (',', _) => (TokenKind.Comma, 1),
            (':', _) => (TokenKind.Colon, 1),
            ('?', _) => (TokenKind.Question, 1),
            ('+', _) => (TokenKind.Plus, 1),
            ('-', _) => (TokenKind.Minus, 1),
            ('*', _) => (TokenKind.Star, 1),
            ('/', _) => (TokenKind.Slash, 1),
            ('%', _) => (TokenKind.Percent, 1),
            ('=', _) => throw new SyntaxException(start, "'=' is no operator; equality is '=='"),
            ('&', _) => throw new SyntaxException(start, "'&' is no operator; 'and' is '&&'"),
            ('|', _) => throw new SyntaxException(start, "'|' is no operator; 'or' is '||'"),
            _ => throw new SyntaxException(start, $"unexpected character '{c}'"),
        };
        _at += length;
        return new Token(kind, start, length, source.Substring(start, length), default);
    }

    private readonly char Peek(int ahead) => _at + ahead < source.Length ? source[_at + ahead] : '\0';

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';
}
