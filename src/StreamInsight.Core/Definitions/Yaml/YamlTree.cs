using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace StreamInsight.Definitions.Yaml;

/// <summary>
/// Turns YAML text into nodes with marks. Aliases, anchors and tags are refused (nothing here can grow beyond the text), so are a second document,
/// keys that are not text, and nesting beyond <see cref="MaxDepth"/>. A fault of YAML itself ends the reading: what follows it cannot be told apart.
/// </summary>
internal sealed class YamlTree
{
    public const int MaxDepth = 32;

    private readonly string _text;
    private readonly Faults _faults;
    private readonly Parser _parser;

    private YamlTree(string text, Faults faults)
    {
        _text = text;
        _faults = faults;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The document's root; null (and a fault) if there is none.</summary>
    public static YamlNode? Parse(string text, Faults faults)
    {
        try
        {
            return new YamlTree(text, faults).Document();
        }
        catch (YamlException e)
        {
            faults.Add(MarkOf(e.Start), $"this is not valid YAML: {Reason(e)}. {YamlAdvice.For(text, e)}");
            return null;
        }
    }

    private YamlNode? Document()
    {
        _parser.Consume<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
        {
            _faults.Add(new Mark(1, 1), "the file is empty; a model needs at least model: and version:");
            return null;
        }
        _parser.Consume<DocumentStart>();
        var root = Node(0);
        if (root is null)
            return null;
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out var second))
            _faults.Add(MarkOf(second.Start), "a second document begins here (---); a file holds one model");
        return root;
    }

    /// <summary>The next node; null = too deep, nothing can follow.</summary>
    private YamlNode? Node(int depth)
    {
        var next = Next();
        var mark = MarkOf(next.Start);
        if (depth > MaxDepth)
        {
            _faults.Add(mark, $"nested more than {MaxDepth} deep; no part of a model is");
            return null;
        }
        var broken = IsRefused(next, mark);
        YamlNode? node = next switch
        {
            Scalar scalar => Text(scalar, mark),
            SequenceStart => List(mark, depth),
            MappingStart => Map(mark, depth),
            _ => new YamlBroken(mark),
        };
        return broken && node is not null ? new YamlBroken(mark) : node;
    }

    private YamlList? List(Mark mark, int depth)
    {
        var items = new List<YamlNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            if (Node(depth + 1) is not { } item)
                return null;
            items.Add(item);
        }
        return new YamlList(mark, items);
    }

    private YamlMap? Map(Mark mark, int depth)
    {
        var entries = new List<YamlEntry>();
        var firsts = new Dictionary<string, Mark>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (Node(depth + 1) is not { } key || Node(depth + 1) is not { } value)
                return null;
            if (key is not YamlText name)
            {
                if (key is not YamlBroken)
                    _faults.Add(key.Mark, $"a key must be a name, not {key.Given}");
            }
            else if (!firsts.TryAdd(name.Text, name.Mark))
                _faults.Add(name.Mark, $"the key {Faults.Quote(name.Text)} is repeated; it stands at {firsts[name.Text].Line}:{firsts[name.Text].Column} already");
            else
                entries.Add(new YamlEntry(name, value));
        }
        return new YamlMap(mark, entries);
    }

    private YamlText Text(Scalar scalar, Mark mark)
    {
        var isPlain = scalar.Style == ScalarStyle.Plain;
        var isBlock = scalar.Style is ScalarStyle.Literal or ScalarStyle.Folded;
        var (start, end) = ((int)scalar.Start.Index, (int)scalar.End.Index);
        var raw = !isBlock && scalar.Start.Line == scalar.End.Line && end <= _text.Length ? _text[start..end] : null;
        return new YamlText(mark, scalar.Value, isPlain, raw);
    }

    /// <summary>True (and a fault) for an alias, an anchor or a tag.</summary>
    private bool IsRefused(ParsingEvent next, Mark mark)
    {
        if (next is AnchorAlias alias)
            _faults.Add(mark, $"*{Faults.Short(alias.Value.Value)} is an alias to YAML; aliases are not used in models. If a star is meant, put it in quotes: \"*{Faults.Short(alias.Value.Value)}\"");
        else if (next is NodeEvent { Tag.IsEmpty: false } tagged)
            _faults.Add(mark, $"YAML reads a leading ! as a tag ({Faults.Short(tagged.Tag.Value)}); tags are not used in models. If it begins an expression, put the whole expression in quotes");
        else if (next is NodeEvent { Anchor.IsEmpty: false } anchored)
            _faults.Add(mark, $"&{Faults.Short(anchored.Anchor.Value)} is an anchor to YAML; anchors are not used in models. If it begins a text, put the whole text in quotes");
        else
            return false;
        return true;
    }

    private ParsingEvent Next()
    {
        if (!_parser.TryConsume<ParsingEvent>(out var next))
            throw new YamlException("the file ends too early");
        return next;
    }

    private static Mark MarkOf(YamlDotNet.Core.Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));

    private static string Reason(YamlException e)
    {
        var text = e.Message.TrimEnd('.');
        return text.Length == 0 ? "it cannot be parsed" : char.ToLowerInvariant(text[0]) + text[1..];
    }
}
