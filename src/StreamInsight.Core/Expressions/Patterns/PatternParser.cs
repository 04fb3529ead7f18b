using System.Globalization;

namespace StreamInsight.Expressions.Patterns;

/// <summary>
/// Reads a regular expression in RE2's syntax. Greedy or not, captured or not makes no difference to whether a text matches, so neither is kept.
/// What RE2 does not know (back references, look-around, possessive quantifiers) is refused, and so are scripts such as \p{Greek}, which .NET has no data of.
/// </summary>
internal sealed class PatternParser
{
    /// <summary>As in RE2: of one repetition, and of nested ones multiplied.</summary>
    private const int MaxRepeat = 1000;

    private const int MaxSize = 5000;
    private const int MaxDepth = 200;

    private readonly string _pattern;
    private int _at;
    private int _depth;
    private Flags _flags;

    private PatternParser(string pattern) => _pattern = pattern;

    [Flags]
    private enum Flags : byte
    {
        None = 0,
        IgnoreCase = 1,
        Multiline = 2,
        DotAll = 4,
    }

    /// <summary>Throws <see cref="FormatException"/> with what is wrong.</summary>
    public static PatternNode Parse(string pattern)
    {
        var parser = new PatternParser(pattern);
        var node = parser.Alternatives();
        if (parser._at < pattern.Length)
            throw new FormatException("')' without '('");
        return node;
    }

    private PatternNode Alternatives()
    {
        if (++_depth > MaxDepth)
            throw new FormatException($"groups nested deeper than {MaxDepth}");
        var alternatives = new List<PatternNode>();
        var sequence = new List<PatternNode>();
        while (_at < _pattern.Length && _pattern[_at] != ')')
        {
            if (_pattern[_at] == '|')
            {
                _at++;
                alternatives.Add(new SequenceNode([.. sequence]));
                sequence.Clear();
            }
            else if (Item(sequence))
            {
                sequence[^1] = Quantified(sequence[^1]);
            }
        }
        _depth--;
        var last = new SequenceNode([.. sequence]);
        return alternatives.Count == 0 ? last : Checked(new AlternativesNode([.. alternatives, last]));
    }

    /// <summary>Adds one character, class, anchor or group. False if what was read is nothing to repeat, such as (?i).</summary>
    private bool Item(List<PatternNode> sequence)
    {
        var c = _pattern[_at];
        switch (c)
        {
            case '(':
                return Group(sequence);
            case '[':
                sequence.Add(new SetNode(Class()));
                return true;
            case '.':
                _at++;
                sequence.Add(new SetNode(_flags.HasFlag(Flags.DotAll) ? CodePoints.All : CodePoints.AllButLineEnd));
                return true;
            case '^':
                _at++;
                sequence.Add(new AssertionNode(_flags.HasFlag(Flags.Multiline) ? Assertion.LineStart : Assertion.TextStart));
                return true;
            case '$':
                _at++;
                sequence.Add(new AssertionNode(_flags.HasFlag(Flags.Multiline) ? Assertion.LineEnd : Assertion.TextEnd));
                return true;
            case '*' or '+' or '?':
                throw new FormatException($"nothing to repeat before '{c}'");
            case '\\':
                return Escape(sequence);
            default:
                sequence.Add(Character(NextCodePoint()));
                return true;
        }
    }

    private PatternNode Quantified(PatternNode node)
    {
        if (!TryQuantifier(out var low, out var high))
            return node;
        if (_at < _pattern.Length && _pattern[_at] == '?')
            _at++;
        var at = _at;
        if (TryQuantifier(out _, out _))
            throw new FormatException($"a repetition is repeated: '{_pattern[at.._at]}'");
        var repeated = new RepeatNode(node, low, high);
        if (repeated.Repeats > MaxRepeat)
            throw new FormatException($"more than {MaxRepeat} repetitions");
        return Checked(repeated);
    }

    private static PatternNode Checked(PatternNode node) => node.Size <= MaxSize ? node : throw new FormatException("the pattern is too large");

    /// <summary>Reads * + ? or {n,m}; a high of -1 = without end. Any other brace is a character.</summary>
    private bool TryQuantifier(out int low, out int high)
    {
        (low, high) = (0, -1);
        if (_at >= _pattern.Length)
            return false;
        var c = _pattern[_at];
        if (c is '*' or '+' or '?')
        {
            low = c == '+' ? 1 : 0;
            high = c == '?' ? 1 : -1;
            _at++;
            return true;
        }
        var end = c == '{' ? _pattern.IndexOf('}', _at) : -1;
        if (end < 0)
            return false;
        var parts = _pattern[(_at + 1)..end].Split(',');
        if (parts.Length > 2 || !IsCount(parts[0]) || (parts.Length == 2 && parts[1].Length > 0 && !IsCount(parts[1])))
            return false;
        low = Count(parts[0]);
        high = parts.Length == 1 ? low : parts[1].Length == 0 ? -1 : Count(parts[1]);
        if (low > MaxRepeat || high > MaxRepeat || (high >= 0 && low > high))
            throw new FormatException($"bad repetition '{_pattern[_at..(end + 1)]}'; at most {MaxRepeat}");
        _at = end + 1;
        return true;

        static bool IsCount(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);
        static int Count(string text) => text.Length > 5 ? int.MaxValue : int.Parse(text, CultureInfo.InvariantCulture);
    }

    private bool Group(List<PatternNode> sequence)
    {
        var outer = _flags;
        _at++;
        if (_at < _pattern.Length && _pattern[_at] == '?')
        {
            _at++;
            // (?i) sets flags for what follows in the group around it.
            if (GroupPrefix())
                return false;
        }
        sequence.Add(Alternatives());
        if (_at >= _pattern.Length)
            throw new FormatException("'(' without ')'");
        _at++;
        _flags = outer;
        return true;
    }

    /// <summary>What may stand behind "(?": a name, or flags. True if it is flags alone, up to the closing parenthesis.</summary>
    private bool GroupPrefix()
    {
        var rest = _pattern.AsSpan(_at);
        if (rest.StartsWith("P<") || (rest.StartsWith("<") && !rest.StartsWith("<=") && !rest.StartsWith("<!")))
        {
            var start = _at + (rest[0] == 'P' ? 2 : 1);
            var end = _pattern.IndexOf('>', start);
            if (end <= start || !_pattern[start..end].All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
                throw new FormatException("a group's name is made of letters, digits and _");
            _at = end + 1;
            return false;
        }
        var isOff = false;
        while (_at < _pattern.Length)
        {
            var c = _pattern[_at++];
            switch (c)
            {
                case ':':
                    return false;
                case ')':
                    return true;
                case '-' when !isOff:
                    isOff = true;
                    break;
                case 'i' or 'm' or 's':
                    var flag = c switch { 'i' => Flags.IgnoreCase, 'm' => Flags.Multiline, _ => Flags.DotAll };
                    _flags = isOff ? _flags & ~flag : _flags | flag;
                    break;
                case 'U':
                    // Greedy or not: the same texts match.
                    break;
                default:
                    throw new FormatException($"'(?{c}' is not supported: no look-around, conditions or atomic groups");
            }
        }
        throw new FormatException("'(' without ')'");
    }

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
