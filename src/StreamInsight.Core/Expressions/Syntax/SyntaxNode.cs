namespace StreamInsight.Expressions.Syntax;

/// <summary>
/// A node of the parsed text. <see cref="Position"/> is where a person would look for it (an operator's own sign, a call's name), in UTF-16 units from 0.
/// </summary>
internal abstract class SyntaxNode(int position, int height)
{
    public int Position { get; } = position;

    /// <summary>Levels of nodes from here down; bounds the recursion of everything that walks the tree.</summary>
    public int Height { get; } = height;

    protected static int Above(params ReadOnlySpan<SyntaxNode?> children)
    {
        var height = 0;
        foreach (var child in children)
            height = Math.Max(height, child?.Height ?? 0);
        return height + 1;
    }
}

internal sealed class LiteralSyntax(int position, Value value) : SyntaxNode(position, 1)
{
    public Value Value { get; } = value;
}

/// <summary>A name; <paramref name="isRooted"/> = written with a leading dot, which skips macro variables and the container.</summary>
internal sealed class NameSyntax(int position, string name, bool isRooted) : SyntaxNode(position, 1)
{
    public string Name { get; } = name;

    public bool IsRooted { get; } = isRooted;
}

internal sealed class SelectSyntax(int position, SyntaxNode operand, string field) : SyntaxNode(position, Above(operand))
{
    public SyntaxNode Operand { get; } = operand;

    public string Field { get; } = field;
}

/// <summary>The macro <c>has(operand.field)</c>.</summary>
internal sealed class HasSyntax(int position, SelectSyntax select) : SyntaxNode(position, Above(select))
{
    public SelectSyntax Select { get; } = select;
}

internal sealed class IndexSyntax(int position, SyntaxNode operand, SyntaxNode index) : SyntaxNode(position, Above(operand, index))
{
    public SyntaxNode Operand { get; } = operand;

    public SyntaxNode Index { get; } = index;
}

/// <summary><c>f(a, b)</c>, or with a target <c>x.f(a, b)</c>.</summary>
internal sealed class CallSyntax(int position, SyntaxNode? target, string function, SyntaxNode[] arguments)
    : SyntaxNode(position, Math.Max(Above(target), Above(arguments)))
{
    public SyntaxNode? Target { get; } = target;

    public string Function { get; } = function;

    public SyntaxNode[] Arguments { get; } = arguments;
}

/// <summary><c>!x</c> or <c>-x</c>.</summary>
internal sealed class UnarySyntax(int position, TokenKind op, SyntaxNode operand) : SyntaxNode(position, Above(operand))
{
    public TokenKind Operator { get; } = op;

    public SyntaxNode Operand { get; } = operand;
}

/// <summary>Arithmetic, comparison or <c>in</c>.</summary>
internal sealed class BinarySyntax(int position, TokenKind op, SyntaxNode left, SyntaxNode right) : SyntaxNode(position, Above(left, right))
{
    public TokenKind Operator { get; } = op;

    public SyntaxNode Left { get; } = left;

    public SyntaxNode Right { get; } = right;
}

/// <summary>A chain of <c>&amp;&amp;</c> or <c>||</c>, two operands or more.</summary>
internal sealed class LogicSyntax(int position, TokenKind op, SyntaxNode[] operands) : SyntaxNode(position, Above(operands))
{
    public TokenKind Operator { get; } = op;

    public SyntaxNode[] Operands { get; } = operands;
}

internal sealed class ConditionalSyntax(int position, SyntaxNode condition, SyntaxNode then, SyntaxNode otherwise)
    : SyntaxNode(position, Above(condition, then, otherwise))
{
    public SyntaxNode Condition { get; } = condition;

    public SyntaxNode Then { get; } = then;

    public SyntaxNode Otherwise { get; } = otherwise;
}

internal sealed class ListSyntax(int position, SyntaxNode[] elements) : SyntaxNode(position, Above(elements))
{
    public SyntaxNode[] Elements { get; } = elements;
}

internal sealed class MapSyntax(int position, SyntaxNode[] keys, SyntaxNode[] values)
    : SyntaxNode(position, Math.Max(Above(keys), Above(values)))
{
    public SyntaxNode[] Keys { get; } = keys;

    public SyntaxNode[] Values { get; } = values;
}

/// <summary><c>a.b.Type{field: value}</c>: a protobuf message. Parsed, because it is CEL; of types only the wrappers and JSON values are known.</summary>
internal sealed class MessageSyntax(int position, string typeName, string[] fields, SyntaxNode[] values) : SyntaxNode(position, Above(values))
{
    public string TypeName { get; } = typeName;

    public string[] Fields { get; } = fields;

    public SyntaxNode[] Values { get; } = values;
}

internal enum MacroKind : byte
{
    All,
    Exists,
    ExistsOne,
    Map,
    Filter,
    TransformList,
    TransformMap,
    Bind,
}

/// <summary>
/// A macro that binds variables. <c>range.all(x, body)</c> has one variable, <c>range.all(i, x, body)</c> two; map and the transforms may have a
/// <see cref="Filter"/>; in <c>cel.bind(x, range, body)</c> the range is the value bound.
/// </summary>
internal sealed class MacroSyntax(int position, MacroKind kind, SyntaxNode range, string first, string? second, SyntaxNode? filter, SyntaxNode body)
    : SyntaxNode(position, Above(range, filter, body))
{
    public MacroKind Kind { get; } = kind;

    public SyntaxNode Range { get; } = range;

    public string First { get; } = first;

    public string? Second { get; } = second;

    public SyntaxNode? Filter { get; } = filter;

    public SyntaxNode Body { get; } = body;
}
