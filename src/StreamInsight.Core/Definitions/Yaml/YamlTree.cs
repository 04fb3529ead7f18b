using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace StreamInsight.Definitions.Yaml;

/// <summary>
/// Turns YAML text into nodes with marks. Aliases, anchors and tags are refused (nothing here can grow beyond the text), so are a second document,
/// keys that are not text, and nesting beyond <see cref="MaxDepth"/>. Where the text is not YAML at all, the line is left out and the rest read again, so that
/// its faults are told too.
/// </summary>
internal sealed class YamlTree
{
    public const int MaxDepth = 32;

    /// <summary>Stands in for the value of a line that was left out.</summary>
    internal const string LeftOut = "__left_out__";

    private const int MaxLinesLeftOut = 20;

    private readonly string _text;
    private readonly Faults _faults;
    private readonly HashSet<int> _linesLeftOut;
    private readonly Parser _parser;
    private ParsingEvent? _last;

    private YamlTree(string text, Faults faults, HashSet<int> linesLeftOut)
    {
        _text = text;
        _faults = faults;
        _linesLeftOut = linesLeftOut;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The document's root; null (and a fault) if there is none.</summary>
    public static YamlNode? Parse(string text, Faults faults)
    {
        var leftOut = new HashSet<int>();
        while (true)
        {
            var found = new List<ModelFault>();
            try
            {
                var root = new YamlTree(text, new Faults(found), leftOut).Document();
                found.ForEach(f => faults.Add(f.Mark, f.Message));
                return root;
            }
            catch (YamlException e)
            {
                var (mark, message) = YamlSyntax.Describe(text, e);
                var isRepeated = !leftOut.Add(mark.Line);
                if (!isRepeated)
                    faults.Add(mark, message);
                if (isRepeated || leftOut.Count > MaxLinesLeftOut || !YamlSyntax.TryLeaveOut(ref text, mark.Line))
                    return null;
            }
        }
    }

    private YamlNode? Document()
    {
        Next();
        if (Next() is StreamEnd)
        {
            _faults.Add(new Mark(1, 1), "the file is empty; a model needs at least model: and version:");
            return null;
        }
        if (Node(Next(), 0) is not { } root)
            return null;
        Next();
        if (Next() is DocumentStart second)
            _faults.Add(MarkOf(second.Start), "a second document begins here; a file holds one model");
        return root;
    }

    /// <summary>The node that begins with <paramref name="first"/>; null = too deep, nothing can follow.</summary>
    private YamlNode? Node(ParsingEvent first, int depth)
    {
        var mark = MarkOf(first.Start);
        if (depth > MaxDepth)
        {
            _faults.Add(mark, $"nested more than {MaxDepth} deep; no part of a model is");
            return null;
        }
        var broken = IsRefused(first, mark);
        YamlNode? node = first switch
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
        for (var next = Next(); next is not SequenceEnd; next = Next())
        {
            if (Node(next, depth + 1) is not { } item)
                return null;
            items.Add(item);
        }
        return new YamlList(mark, items);
    }

    private YamlMap? Map(Mark mark, int depth)
    {
        var entries = new List<YamlEntry>();
        var firsts = new Dictionary<string, Mark>(StringComparer.Ordinal);
        for (var next = Next(); next is not MappingEnd; next = Next())
        {
            if (Node(next, depth + 1) is not { } key || Node(Next(), depth + 1) is not { } value)
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
        if (next is AnchorAlias leftOut && leftOut.Value.Value == LeftOut && _linesLeftOut.Contains(mark.Line))
            return true;
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
        try
        {
            if (_parser.MoveNext())
                return _last = _parser.Current!;
        }
        catch (Exception e) when (e is not (YamlException or OutOfMemoryException))
        {
            // The parser fails with a plain exception on some malformed texts; where it stood is the best that can be told.
            throw new YamlException(End, End, "it cannot be parsed from here on", e);
        }
        throw new YamlException(End, End, "it ends too early");
    }

    private YamlDotNet.Core.Mark End => _last?.End ?? YamlDotNet.Core.Mark.Empty;

    private static Mark MarkOf(YamlDotNet.Core.Mark mark) => YamlSyntax.MarkOf(mark);
}
