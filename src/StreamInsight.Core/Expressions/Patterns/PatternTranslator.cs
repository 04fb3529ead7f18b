using System.Globalization;
using System.Text;

namespace StreamInsight.Expressions.Patterns;

/// <summary>
/// Reads a regular expression in RE2's syntax and writes one of .NET that matches the same texts. Differences bridged: classes are ASCII, $ is the end of the
/// text, a dot is one code point, flags and escapes are RE2's. Word boundaries are .NET's: around letters beyond ASCII they differ. What RE2 does not know
/// (back references, look-around, possessive quantifiers) or .NET cannot (scripts such as \p{Greek}) is refused.
/// </summary>
internal sealed class PatternTranslator
{
    /// <summary>As in RE2: of one repetition, and of nested ones multiplied.</summary>
    private const int MaxRepeat = 1000;

    private const int MaxSize = 5000;
    private const int MaxDepth = 200;

    private readonly string _pattern;
    private readonly StringBuilder _output = new();
    private int _at;
    private int _depth;
    private Flags _flags;

    private PatternTranslator(string pattern) => _pattern = pattern;

    [Flags]
    private enum Flags : byte
    {
        None = 0,
        IgnoreCase = 1,
        Multiline = 2,
        DotAll = 4,
    }

    /// <summary>A pattern for .NET's <see cref="System.Text.RegularExpressions"/>; <paramref name="size"/> = states it takes, roughly. Throws <see cref="FormatException"/>.</summary>
    public static string Translate(string pattern, out int size)
    {
        var translator = new PatternTranslator(pattern);
        size = translator.Alternatives().Size;
        if (translator._at < pattern.Length)
            throw new FormatException("')' without '('");
        return translator._output.ToString();
    }

    private (int Size, int Repeat) Alternatives()
    {
        if (++_depth > MaxDepth)
            throw new FormatException($"groups nested deeper than {MaxDepth}");
        var size = 1;
        var repeat = 1;
        while (_at < _pattern.Length && _pattern[_at] != ')')
        {
            if (_pattern[_at] == '|')
            {
                _at++;
                _output.Append('|');
                continue;
            }
            var start = _output.Length;
            var (itemSize, itemRepeat) = Item(out var isQuantifiable);
            if (_output.Length > start || isQuantifiable)
                (itemSize, itemRepeat) = Quantified(start, itemSize, itemRepeat);
            size += itemSize;
            repeat = Math.Max(repeat, itemRepeat);
            if (size > MaxSize)
                throw new FormatException("the pattern is too large");
        }
        _depth--;
        return (size, repeat);
    }

    /// <summary>One character, class, anchor or group.</summary>
    private (int Size, int Repeat) Item(out bool isQuantifiable)
    {
        isQuantifiable = true;
        var c = _pattern[_at];
        switch (c)
        {
            case '(':
                return Group(out isQuantifiable);
            case '[':
                Emit(Class());
                return (1, 1);
            case '.':
                _at++;
                Emit(_flags.HasFlag(Flags.DotAll) ? CodePoints.Of((0, CodePoints.Last)) : CodePoints.Of(('\n', '\n')).Complement());
                return (1, 1);
            case '^':
                _at++;
                _output.Append(_flags.HasFlag(Flags.Multiline) ? "(?m:^)" : "\\A");
                return (1, 1);
            case '$':
                _at++;
                _output.Append(_flags.HasFlag(Flags.Multiline) ? "(?m:$)" : "\\z");
                return (1, 1);
            case '*' or '+' or '?':
                throw new FormatException($"nothing to repeat before '{c}'");
            case '\\':
                return Escape();
            default:
                Emit(NextCodePoint());
                return (1, 1);
        }
    }

    private (int Size, int Repeat) Quantified(int start, int size, int repeat)
    {
        if (!TryQuantifier(out var quantifier, out var times))
            return (size, repeat);
        if (_at < _pattern.Length && _pattern[_at] == '?')
            _at++;
        var at = _at;
        if (TryQuantifier(out _, out _))
            throw new FormatException($"a repetition is repeated: '{_pattern[(at - 1)..]}'");
        repeat *= Math.Max(times, 1);
        if (repeat > MaxRepeat)
            throw new FormatException($"more than {MaxRepeat} repetitions");
        _output.Insert(start, "(?:").Append(')').Append(quantifier);
        return (size * Math.Max(times, 1), repeat);
    }

    private bool TryQuantifier(out string quantifier, out int times)
    {
        times = 1;
        quantifier = "";
        if (_at >= _pattern.Length)
            return false;
        var c = _pattern[_at];
        if (c is '*' or '+' or '?')
        {
            quantifier = c.ToString();
            _at++;
            return true;
        }
        if (c != '{')
            return false;
        var end = _pattern.IndexOf('}', _at);
        if (end < 0)
            return false;
        var parts = _pattern[(_at + 1)..end].Split(',');
        if (parts.Length > 2 || !IsCount(parts[0]) || (parts.Length == 2 && parts[1].Length > 0 && !IsCount(parts[1])))
            return false;
        var low = Count(parts[0]);
        var high = parts.Length == 1 ? low : parts[1].Length == 0 ? -1 : Count(parts[1]);
        if (low > MaxRepeat || high > MaxRepeat || (high >= 0 && low > high))
            throw new FormatException($"bad repetition '{_pattern[_at..(end + 1)]}'; at most {MaxRepeat}");
        quantifier = _pattern[_at..(end + 1)];
        times = Math.Max(low, high);
        _at = end + 1;
        return true;

        static bool IsCount(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);
        static int Count(string text) => text.Length > 5 ? int.MaxValue : int.Parse(text, CultureInfo.InvariantCulture);
    }

    private (int Size, int Repeat) Group(out bool isQuantifiable)
    {
        isQuantifiable = true;
        var outer = _flags;
        _at++;
        if (_at < _pattern.Length && _pattern[_at] == '?')
        {
            _at++;
            if (GroupPrefix())
            {
                // (?i) sets flags for what follows in the group around it.
                isQuantifiable = false;
                return (0, 1);
            }
        }
        _output.Append("(?:");
        var inner = Alternatives();
        if (_at >= _pattern.Length)
            throw new FormatException("'(' without ')'");
        _at++;
        _output.Append(')');
        _flags = outer;
        return inner;
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

    private (int Size, int Repeat) Escape()
    {
        if (_at + 1 >= _pattern.Length)
            throw new FormatException("a backslash at the end");
        switch (_pattern[_at + 1])
        {
            case 'A' or 'z' or 'b' or 'B':
                _output.Append('\\').Append(_pattern[_at + 1]);
                _at += 2;
                return (1, 1);
            case 'Q':
                return Quoted();
        }
        if (PerlClass() is { } set)
            Emit(set);
        else
            Emit(EscapedCodePoint());
        return (1, 1);
    }

    /// <summary>\Q…\E: everything in between as it stands. A quantifier applies to its last character.</summary>
    private (int Size, int Repeat) Quoted()
    {
        _at += 2;
        var end = _pattern.IndexOf("\\E", _at, StringComparison.Ordinal);
        var stop = end < 0 ? _pattern.Length : end;
        var size = 0;
        var start = _output.Length;
        while (_at < stop)
        {
            start = _output.Length;
            Emit(NextCodePoint());
            size++;
        }
        _at = end < 0 ? stop : end + 2;
        if (size == 0)
            return (0, 1);
        var (lastSize, repeat) = Quantified(start, 1, 1);
        return (size - 1 + lastSize, repeat);
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

    private void Emit(int codePoint)
    {
        var set = CodePoints.Of((codePoint, codePoint));
        Emit(_flags.HasFlag(Flags.IgnoreCase) ? set.WithOtherCases() : set);
    }

    private void Emit(CodePoints set) => set.AppendTo(_output);
}
