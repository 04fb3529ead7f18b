using System.Globalization;

namespace StreamInsight.Expressions.Patterns;

/// <summary>Escapes and character classes.</summary>
internal sealed partial class PatternParser
{
    private bool Escape(List<PatternNode> sequence)
    {
        if (_at + 1 >= _pattern.Length)
            throw new FormatException("a backslash at the end");
        Assertion? assertion = _pattern[_at + 1] switch
        {
            'A' => Assertion.TextStart,
            'z' => Assertion.TextEnd,
            'b' => Assertion.WordBoundary,
            'B' => Assertion.NoWordBoundary,
            _ => null,
        };
        if (assertion is { } known)
        {
            _at += 2;
            sequence.Add(new AssertionNode(known));
            return true;
        }
        if (_pattern[_at + 1] == 'Q')
            return Quoted(sequence);
        sequence.Add(PerlClass() is { } set ? new SetNode(set) : Character(EscapedCodePoint()));
        return true;
    }

    /// <summary>\Q…\E: everything in between as it stands. A quantifier applies to its last character.</summary>
    private bool Quoted(List<PatternNode> sequence)
    {
        _at += 2;
        var end = _pattern.IndexOf("\\E", _at, StringComparison.Ordinal);
        var stop = end < 0 ? _pattern.Length : end;
        var isEmpty = _at == stop;
        while (_at < stop)
            sequence.Add(Character(NextCodePoint()));
        _at = end < 0 ? stop : end + 2;
        return !isEmpty;
    }

    /// <summary>\d \w \s and \p{…}, or their complements; null if this escape is a character.</summary>
    private CodePoints? PerlClass()
    {
        var c = _pattern[_at + 1];
        CodePoints? set = char.ToLowerInvariant(c) switch
        {
            'd' => CodePoints.Of(('0', '9')),
            'w' => CodePoints.Of(('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')),
            's' => CodePoints.Of(('\t', '\n'), ('\f', '\r'), (' ', ' ')),
            _ => null,
        };
        if (set is not null)
        {
            _at += 2;
            return char.IsUpper(c) ? set.Complement() : set;
        }
        if (c is not ('p' or 'P'))
            return null;
        _at += 2;
        var name = "";
        if (_at < _pattern.Length && _pattern[_at] == '{' && _pattern.IndexOf('}', _at) is > 0 and var end)
        {
            name = _pattern[(_at + 1)..end];
            _at = end + 1;
        }
        else if (_at < _pattern.Length)
        {
            name = _pattern[_at++].ToString();
        }
        var isNegated = c == 'P' ^ name.StartsWith('^');
        var category = CodePoints.Category(name.TrimStart('^')) ?? throw new FormatException($"unknown class \\p{{{name}}}; general categories such as L, Lu, Nd are known, scripts are not");
        return isNegated ? category.Complement() : category;
    }

    private int EscapedCodePoint()
    {
        var c = _pattern[_at + 1];
        _at += 2;
        switch (c)
        {
            case 'a':
                return 7;
            case 'f':
                return 12;
            case 't':
                return 9;
            case 'n':
                return 10;
            case 'r':
                return 13;
            case 'v':
                return 11;
            case 'x':
                return Hexadecimal();
            case >= '0' and <= '7' when c == '0' || (_at < _pattern.Length && _pattern[_at] is >= '0' and <= '7'):
                var value = c - '0';
                for (var digits = 1; digits < 3 && _at < _pattern.Length && _pattern[_at] is >= '0' and <= '7'; digits++)
                    value = (value * 8) + (_pattern[_at++] - '0');
                return value;
            case < (char)128 when !char.IsAsciiLetterOrDigit(c):
                return c;
            default:
                throw new FormatException($"'\\{c}' is not supported{(char.IsAsciiDigit(c) ? ": no back references" : "")}");
        }
    }

    private int Hexadecimal()
    {
        string digits;
        if (_at < _pattern.Length && _pattern[_at] == '{' && _pattern.IndexOf('}', _at) is > 0 and var end)
        {
            digits = _pattern[(_at + 1)..end];
            _at = end + 1;
        }
        else
        {
            digits = _pattern[_at..Math.Min(_at + 2, _pattern.Length)];
            _at += digits.Length;
            if (digits.Length < 2)
                throw new FormatException("\\x needs two hexadecimal digits, or {…}");
        }
        return digits.Length is > 0 and <= 8 && digits.All(char.IsAsciiHexDigit)
            && uint.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) is var value and <= CodePoints.Last
            ? (int)value
            : throw new FormatException($"\\x{{{digits}}} is no character");
    }

    private CodePoints Class()
    {
        _at++;
        var isNegated = _at < _pattern.Length && _pattern[_at] == '^';
        if (isNegated)
            _at++;
        var set = CodePoints.Of();
        for (var isFirst = true; ; isFirst = false)
        {
            if (_at >= _pattern.Length)
                throw new FormatException("'[' without ']'");
            if (_pattern[_at] == ']' && !isFirst)
                break;
            if (_pattern.AsSpan(_at).StartsWith("[:") && _pattern.IndexOf(":]", _at + 2, StringComparison.Ordinal) is > 0 and var end)
            {
                set = set.Union(PosixClass(_pattern[(_at + 2)..end]));
                _at = end + 2;
                continue;
            }
            if (_pattern[_at] == '\\' && _at + 1 < _pattern.Length && PerlClass() is { } perl)
            {
                set = set.Union(perl);
                continue;
            }
            var first = ClassCodePoint();
            var last = first;
            if (_at + 1 < _pattern.Length && _pattern[_at] == '-' && _pattern[_at + 1] != ']')
            {
                _at++;
                last = ClassCodePoint();
                if (last < first)
                    throw new FormatException("a range of a class runs backwards");
            }
            set = set.Union(CodePoints.Of((first, last)));
        }
        _at++;
        if (_flags.HasFlag(Flags.IgnoreCase))
            set = set.WithOtherCases();
        return isNegated ? set.Complement() : set;
    }

    private int ClassCodePoint()
    {
        if (_pattern[_at] != '\\')
            return NextCodePoint();
        return _at + 1 < _pattern.Length ? EscapedCodePoint() : throw new FormatException("'[' without ']'");
    }

    private static CodePoints PosixClass(string name)
    {
        CodePoints? set = name.TrimStart('^') switch
        {
            "alnum" => CodePoints.Of(('0', '9'), ('A', 'Z'), ('a', 'z')),
            "alpha" => CodePoints.Of(('A', 'Z'), ('a', 'z')),
            "ascii" => CodePoints.Of((0, 0x7F)),
            "blank" => CodePoints.Of(('\t', '\t'), (' ', ' ')),
            "cntrl" => CodePoints.Of((0, 0x1F), (0x7F, 0x7F)),
            "digit" => CodePoints.Of(('0', '9')),
            "graph" => CodePoints.Of(('!', '~')),
            "lower" => CodePoints.Of(('a', 'z')),
            "print" => CodePoints.Of((' ', '~')),
            "punct" => CodePoints.Of(('!', '/'), (':', '@'), ('[', '`'), ('{', '~')),
            "space" => CodePoints.Of(('\t', '\r'), (' ', ' ')),
            "upper" => CodePoints.Of(('A', 'Z')),
            "word" => CodePoints.Of(('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')),
            "xdigit" => CodePoints.Of(('0', '9'), ('A', 'F'), ('a', 'f')),
            _ => null,
        };
        if (set is null)
            throw new FormatException($"unknown class [:{name}:]");
        return name.StartsWith('^') ? set.Complement() : set;
    }

    private int NextCodePoint()
    {
        var length = char.IsHighSurrogate(_pattern[_at]) && _at + 1 < _pattern.Length ? 2 : 1;
        var codePoint = length == 2 ? char.ConvertToUtf32(_pattern[_at], _pattern[_at + 1]) : _pattern[_at];
        _at += length;
        return codePoint;
    }

    private SetNode Character(int codePoint)
    {
        var set = CodePoints.Of((codePoint, codePoint));
        return new SetNode(_flags.HasFlag(Flags.IgnoreCase) ? set.WithOtherCases() : set);
    }
}
