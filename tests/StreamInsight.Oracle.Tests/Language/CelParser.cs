using System.Globalization;
using System.Text;

namespace StreamInsight.Oracle.Language;

/// <summary>Recursive descent over the part of CEL that the generators and golden models write.</summary>
public sealed class CelParser
{
    private readonly string text;
    private int at;

    private CelParser(string text) => this.text = text;

    public static Cel Parse(string text)
    {
        var parser = new CelParser(text);
        var tree = parser.Expression();
        parser.Blank();
        return parser.at == text.Length ? tree : throw parser.Unexpected();
    }

    private Cel Expression()
    {
        var condition = Or();
        if (!Take("?")) return condition;
        var then = Or();
        Expect(":");
        return new Cel.Choice(condition, then, Expression());
    }

    private Cel Or() => LeftToRight(And, "||");

    private Cel And() => LeftToRight(Relation, "&&");

    private Cel Relation() => LeftToRight(Sum, "==", "!=", "<=", ">=", "<", ">", "in");

    private Cel Sum() => LeftToRight(Product, "+", "-");

    private Cel Product() => LeftToRight(Unary, "*", "/", "%");

    private Cel LeftToRight(Func<Cel> operand, params string[] signs)
    {
        var left = operand();
        while (signs.FirstOrDefault(Take) is { } sign) left = new Cel.Call(sign, null, [left, operand()]);
        return left;
    }

    private Cel Unary()
    {
        if (Take("!")) return new Cel.Call("!", null, [Unary()]);
        if (!Take("-")) return Postfix(Primary());
        return Unary() switch
        {
            Cel.Literal { Value: long n } => new Cel.Literal(-n),
            Cel.Literal { Value: double x } => new Cel.Literal(-x),
            var operand => new Cel.Call("-", null, [operand]),
        };
    }

    private Cel Postfix(Cel of)
    {
        while (true)
        {
            if (Take("."))
            {
                var name = Word();
                of = Take("(") ? new Cel.Call(name, of, Items(")")) : new Cel.Member(of, name);
            }
            else if (Take("["))
            {
                of = new Cel.Index(of, Expression());
                Expect("]");
            }
            else return of;
        }
    }

    private Cel Primary()
    {
        Blank();
        if (Take("("))
        {
            var inner = Expression();
            Expect(")");
            return inner;
        }
        if (Take("[")) return new Cel.ListOf(Items("]"));
        if (at >= text.Length) throw Unexpected();
        if (text[at] is '\'' or '"') return new Cel.Literal(Quoted());
        if (char.IsAsciiDigit(text[at])) return new Cel.Literal(Number());
        var word = Word();
        if (Take("(")) return new Cel.Call(word, null, Items(")"));
        return word switch
        {
            "true" => new Cel.Literal(true),
            "false" => new Cel.Literal(false),
            "null" => new Cel.Literal(null),
            _ => new Cel.Name(word),
        };
    }

    private List<Cel> Items(string end)
    {
        var items = new List<Cel>();
        if (Take(end)) return items;
        do items.Add(Expression()); while (Take(","));
        Expect(end);
        return items;
    }

    private object Number()
    {
        var start = at;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] is '.' or 'e' or 'E' || (text[at] is '-' or '+' && text[at - 1] is 'e' or 'E'))) at++;
        var digits = text[start..at];
        if (digits.All(char.IsAsciiDigit)) return long.Parse(digits, CultureInfo.InvariantCulture);
        return double.Parse(digits, CultureInfo.InvariantCulture);
    }

    private string Quoted()
    {
        var quote = text[at++];
        var value = new StringBuilder();
        for (; text[at] != quote; at++)
        {
            if (text[at] != '\\') value.Append(text[at]);
            else value.Append(text[++at] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', var other => other });
        }
        at++;
        return value.ToString();
    }

    private string Word()
    {
        Blank();
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_')) at++;
        return at > start ? text[start..at] : throw Unexpected();
    }

    private bool Take(string sign)
    {
        Blank();
        if (string.CompareOrdinal(text, at, sign, 0, sign.Length) != 0) return false;
        if (sign == "in" && at + 2 < text.Length && (char.IsAsciiLetterOrDigit(text[at + 2]) || text[at + 2] == '_')) return false;
        at += sign.Length;
        return true;
    }

    private void Expect(string sign)
    {
        if (!Take(sign)) throw Unexpected();
    }

    private void Blank()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
    }

    private FormatException Unexpected() => new($"The oracle cannot read '{text}' at {at}.");
}
