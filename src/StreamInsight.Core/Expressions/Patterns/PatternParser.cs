using System.Globalization;

namespace StreamInsight.Expressions.Patterns;

/// <summary>
/// Reads a regular expression in RE2's syntax. Greedy or not, captured or not makes no difference to whether a text matches, so neither is kept.
/// What RE2 does not know (back references, look-around, possessive quantifiers) is refused, and so are scripts such as \p{Greek}, which .NET has no data of.
/// </summary>
internal sealed partial class PatternParser
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
}
