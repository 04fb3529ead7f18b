using System.Text;
using StreamInsight.Expressions.Nodes;

namespace StreamInsight.Expressions.Library;

/// <summary>CEL's string and base64 extensions, without <c>format</c>. Positions count code points.</summary>
internal static class TextExtensions
{
    private const string White = "\t\n\v\f\r \u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000";

    private static readonly Value OutOfRange = Value.Error("a position is outside the text");
    private static readonly Value BadBase64 = Value.Error("this text is no base64");

    public static void AddTo(Action<CallShape> add)
    {
        var (text, whole) = (CelType.String, CelType.Int);
        add(Member("charAt", text, [text, whole], a => At(a[0].AsString, a[1].AsInt)));
        add(Member("indexOf", whole, [text, text], a => Search(a[0].AsString, a[1].AsString, 0, isLast: false)));
        add(Member("indexOf", whole, [text, text, whole], a => Search(a[0].AsString, a[1].AsString, a[2].AsInt, isLast: false)));
        add(Member("lastIndexOf", whole, [text, text], a => Search(a[0].AsString, a[1].AsString, Texts.Length(a[0].AsString), isLast: true)));
        add(Member("lastIndexOf", whole, [text, text, whole], a => Search(a[0].AsString, a[1].AsString, a[2].AsInt, isLast: true)));
        add(Member("substring", text, [text, whole], a => Substring(a[0].AsString, a[1].AsInt, Texts.Length(a[0].AsString))));
        add(Member("substring", text, [text, whole, whole], a => Substring(a[0].AsString, a[1].AsInt, a[2].AsInt)));
        add(Member("lowerAscii", text, [text], a => Value.String(Cased(a[0].AsString, char.IsAsciiLetterUpper, char.ToLowerInvariant))));
        add(Member("upperAscii", text, [text], a => Value.String(Cased(a[0].AsString, char.IsAsciiLetterLower, char.ToUpperInvariant))));
        add(Member("trim", text, [text], a => Value.String(a[0].AsString.Trim(White.ToCharArray()))));
        add(Member("reverse", text, [text], a => Value.String(Reversed(a[0].AsString))));
        add(Member("replace", text, [text, text, text], a => Replaced(a[0].AsString, a[1].AsString, a[2].AsString, -1)));
        add(Member("replace", text, [text, text, text, whole], a => Replaced(a[0].AsString, a[1].AsString, a[2].AsString, a[3].AsInt)));
        add(Member("split", CelType.List(text), [text, text], a => Split(a[0].AsString, a[1].AsString, -1)));
        add(Member("split", CelType.List(text), [text, text, whole], a => Split(a[0].AsString, a[1].AsString, a[2].AsInt)));
        add(Member("join", text, [CelType.List(text)], a => Join(a[0].AsList, "")));
        add(Member("join", text, [CelType.List(text), text], a => Join(a[0].AsList, a[1].AsString)));
        add(Global("strings.quote", text, [text], a => Value.String(Quoted(a[0].AsString))));
        add(Global("base64.encode", text, [CelType.Bytes], a => Value.String(Convert.ToBase64String(a[0].AsBytes))));
        add(Global("base64.decode", CelType.Bytes, [text], a => Decoded(a[0].AsString)));
    }

    private static CallShape Member(string name, CelType result, CelType[] parameters, Func<Value[], Value> function) => Shape(name, true, result, parameters, function);

    private static CallShape Global(string name, CelType result, CelType[] parameters, Func<Value[], Value> function) => Shape(name, false, result, parameters, function);

    /// <summary>Judges the kinds of the arguments, and charges for the texts among them, before the function sees them.</summary>
    private static CallShape Shape(string name, bool isMember, CelType result, CelType[] parameters, Func<Value[], Value> function)
    {
        var noOverload = new Errors.NoOverload(name);
        return StandardLibrary.Of(name, isMember, parameters.Length, (context, arguments) =>
        {
            var cost = 1L;
            for (var i = 0; i < arguments.Length; i++)
            {
                ref readonly var argument = ref arguments[i];
                if (argument.Kind != KindOf(parameters[i]))
                    return noOverload.Of(arguments[0].Kind, argument.Kind);
                cost += argument.Kind switch
                {
                    ValueKind.String => argument.AsString.Length / 8,
                    ValueKind.Bytes => argument.AsBytes.Length / 8,
                    ValueKind.List => argument.AsList.Length,
                    _ => 0,
                };
            }
            // Searching is quadratic at worst.
            if (arguments.Length > 1 && arguments[0].Kind == ValueKind.String && arguments[1].Kind == ValueKind.String)
                cost += (long)arguments[0].AsString.Length * arguments[1].AsString.Length / 2048;
            return context.Spend((int)Math.Min(cost, int.MaxValue)) ? Extent.Check(function(arguments.ToArray())) : Errors.TooCostly;
        }).With(result, parameters);
    }

    private static ValueKind KindOf(CelType type) => type.Kind switch
    {
        CelTypeKind.Int => ValueKind.Int,
        CelTypeKind.Bytes => ValueKind.Bytes,
        CelTypeKind.List => ValueKind.List,
        _ => ValueKind.String,
    };

    /// <summary>The UTF-16 offset of a position in code points, 0 to the length; -1 outside.</summary>
    private static int Offset(string text, long position)
    {
        if (position < 0)
            return -1;
        var at = 0;
        for (; position > 0 && at < text.Length; position--)
            at += char.IsHighSurrogate(text[at]) ? 2 : 1;
        return position == 0 ? at : -1;
    }

    private static Value At(string text, long position)
    {
        var at = Offset(text, position);
        return at < 0 ? OutOfRange : Value.String(at == text.Length ? "" : text.Substring(at, char.IsHighSurrogate(text[at]) ? 2 : 1));
    }

    private static Value Search(string text, string part, long position, bool isLast)
    {
        var at = Offset(text, position);
        if (at < 0)
            return OutOfRange;
        var found = isLast ? text.AsSpan(0, Math.Min(text.Length, at + part.Length)).LastIndexOf(part, StringComparison.Ordinal) : text.IndexOf(part, at, StringComparison.Ordinal);
        return Value.Int(found < 0 ? -1 : Texts.Length(text[..found]));
    }

    private static Value Substring(string text, long start, long end)
    {
        var (from, to) = (Offset(text, start), Offset(text, end));
        return from < 0 || to < 0 || from > to ? OutOfRange : Value.String(text[from..to]);
    }

    private static string Cased(string text, Func<char, bool> isAffected, Func<char, char> change) =>
        string.Create(text.Length, (text, isAffected, change), static (span, state) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = state.isAffected(state.text[i]) ? state.change(state.text[i]) : state.text[i];
        });

    private static string Reversed(string text)
    {
        var reversed = new StringBuilder(text.Length);
        for (var at = text.Length - 1; at >= 0; at--)
        {
            if (char.IsLowSurrogate(text[at]) && at > 0)
                reversed.Append(text[--at]).Append(text[at + 1]);
            else
                reversed.Append(text[at]);
        }
        return reversed.ToString();
    }

    private static Value Replaced(string text, string part, string other, long limit)
    {
        var result = new StringBuilder();
        var at = 0;
        for (; limit != 0 && at <= text.Length; limit--)
        {
            var found = text.IndexOf(part, at, StringComparison.Ordinal);
            if (found < 0)
                break;
            result.Append(text, at, found - at).Append(other);
            at = found + part.Length;
            if (part.Length == 0)
            {
                // Between all characters: one is carried over after each insertion.
                var length = found == text.Length ? 0 : char.IsHighSurrogate(text[found]) ? 2 : 1;
                result.Append(text, found, length);
                at = length == 0 ? text.Length + 1 : found + length;
            }
            if (result.Length > Extent.MaxTextLength)
                return Errors.TooLong;
        }
        if (at < text.Length)
            result.Append(text, at, text.Length - at);
        return Value.String(result.ToString());
    }

    private static Value Split(string text, string separator, long limit)
    {
        var parts = new List<Value>();
        var at = 0;
        while (limit != 0)
        {
            var found = limit == 1 ? -1
                : separator.Length > 0 ? text.IndexOf(separator, at, StringComparison.Ordinal)
                : at < text.Length ? at + (char.IsHighSurrogate(text[at]) ? 2 : 1) : -1;
            if (found < 0 || (separator.Length == 0 && found == text.Length))
            {
                if (at < text.Length || separator.Length > 0)
                    parts.Add(Value.String(text[at..]));
                break;
            }
            parts.Add(Value.String(text[at..found]));
            at = found + separator.Length;
            limit--;
        }
        return Value.List([.. parts]);
    }

    private static Value Join(Value[] parts, string separator)
    {
        var length = 0L;
        foreach (ref readonly var part in parts.AsSpan())
        {
            if (part.Kind != ValueKind.String)
                return Value.Error("no such overload: join takes a list of strings");
            length += part.AsString.Length + separator.Length;
        }
        return length > Extent.MaxTextLength ? Errors.TooLong : Value.String(string.Join(separator, parts.Select(p => p.AsString)));
    }

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            var at = "\a\b\f\n\r\t\v\"\\".IndexOf(c, StringComparison.Ordinal);
            if (at < 0)
                quoted.Append(c);
            else
                quoted.Append('\\').Append("abfnrtv\"\\"[at]);
        }
        return quoted.Append('"').ToString();
    }

    /// <summary>Padding may be missing.</summary>
    private static Value Decoded(string text)
    {
        var padded = text.Length % 4 == 0 ? text : text + new string('=', 4 - (text.Length % 4));
        var bytes = new byte[padded.Length / 4 * 3];
        return text.AsSpan().ContainsAny(' ', '\n', '\r') || text.Contains('\t', StringComparison.Ordinal) || !Convert.TryFromBase64String(padded, bytes, out var length)
            ? BadBase64
            : Value.Bytes(bytes[..length]);
    }
}
