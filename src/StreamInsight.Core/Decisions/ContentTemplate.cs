using System.Buffers;
using System.Text;
using StreamInsight.Definitions;
using StreamInsight.Engine;
using StreamInsight.Expressions;
using StreamInsight.Facts;

namespace StreamInsight.Decisions;

/// <summary>
/// A text with values in it: <c>${features.x}</c>, or <c>${traits.name|customer}</c> with what stands there if the value is missing. A text whose value is missing
/// and that states no fallback is not told at all: never a hole.
/// </summary>
public sealed class ContentTemplate
{
    private readonly List<(string Literal, Expression? Value, string? Fallback)> _parts = [];

    private ContentTemplate(string name) => Name = name;

    public string Name { get; }

    internal IEnumerable<Expression> Expressions => _parts.Select(part => part.Value).OfType<Expression>();

    internal static ContentTemplate? Parse(ContentDefinition definition, Func<ExpressionSource, Expression?> compile, Action<Mark, string> fault)
    {
        var template = new ContentTemplate(definition.Name);
        string text = definition.Text;
        int at = 0;
        while (text.IndexOf("${", at, StringComparison.Ordinal) is >= 0 and var open)
        {
            int close = text.IndexOf('}', open);
            if (close < 0)
            {
                fault(definition.Mark, $"content: '{text[open..Math.Min(text.Length, open + 40)]}' has no closing brace");
                return null;
            }

            string inside = text[(open + 2)..close];
            int bar = FallbackBar(inside);
            string source = (bar < 0 ? inside : inside[..bar]).Trim();
            if (source.Length == 0)
                fault(definition.Mark, "content: ${} names no value; write ${traits.name|what stands there if it is missing}");
            else if (compile(new ExpressionSource(source, definition.Mark)) is { } expression)
                template._parts.Add((text[at..open], expression, bar < 0 ? null : inside[(bar + 1)..].Trim()));
            at = close + 1;
        }

        template._parts.Add((text[at..], null, null));
        return template;
    }

    /// <summary>The filled text; null if a value without fallback is missing.</summary>
    internal string? Fill(CustomerContext context)
    {
        if (_parts.Count == 1)
            return _parts[0].Literal;
        var text = new StringBuilder();
        foreach ((string literal, Expression? expression, string? fallback) in _parts)
        {
            text.Append(literal);
            if (expression is null)
                continue;
            if ((Text(expression.Evaluate(context)) ?? fallback) is not { } filled)
                return null;
            text.Append(filled);
        }

        return text.ToString();
    }

    /// <summary>The first bar that is not part of an "or".</summary>
    private static int FallbackBar(string inside)
    {
        for (int i = 0; i < inside.Length; i++)
            if (inside[i] == '|')
            {
                if (i + 1 < inside.Length && inside[i + 1] == '|')
                    i++;
                else
                    return i;
            }

        return -1;
    }

    /// <summary>A text as it is, numbers and times as they stand in facts; null for what is missing or no single value.</summary>
    private static string? Text(in Value value)
    {
        if (value.Kind == ValueKind.String)
            return value.AsString.Length == 0 ? null : value.AsString;
        if (value.Kind is ValueKind.Null or ValueKind.Error or ValueKind.List or ValueKind.Map or ValueKind.Bytes or ValueKind.Type)
            return null;
        if (value.Kind == ValueKind.Double && !double.IsFinite(value.AsDouble))
            return null;
        var json = new ArrayBufferWriter<byte>(32);
        ValueWriter.Write(value, json);
        return Encoding.UTF8.GetString(json.WrittenSpan).Trim('"');
    }
}
