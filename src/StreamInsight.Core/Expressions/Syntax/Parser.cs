namespace StreamInsight.Expressions.Syntax;

/// <summary>
/// Reads CEL's grammar by precedence climbing and expands macros. Limits what it accepts, so that nothing that walks the tree can run out of stack:
/// <see cref="MaxSourceLength"/> and <see cref="MaxDepth"/>.
/// </summary>
internal sealed class Parser
{
    /// <summary>UTF-16 units.</summary>
    public const int MaxSourceLength = 32 * 1024;

    /// <summary>Levels of nesting, and of operators that hang below each other; chains of &amp;&amp; and || are one level.</summary>
    public const int MaxDepth = 250;

    private readonly List<Token> _tokens;
    private int _at;
    private int _depth;

    private Parser(List<Token> tokens) => _tokens = tokens;

    /// <summary>The tree, or null with the first fault.</summary>
    public static SyntaxNode? Parse(string source, List<ExpressionFault> faults)
    {
        try
        {
            if (source.Length > MaxSourceLength)
                throw new SyntaxException(0, $"the text has {source.Length} characters; {MaxSourceLength} are allowed");
            var parser = new Parser(Lexer.Tokens(source));
            var tree = parser.Expression();
            if (parser.Current.Kind != TokenKind.End)
                throw parser.Unexpected("an operator or the end");
            return tree;
        }
        catch (SyntaxException fault)
        {
            faults.Add(SourceText.Fault(source, fault.Position, fault.Message));
            return null;
        }
    }

    private Token Current => _tokens[_at];

    private SyntaxNode Expression()
    {
        Descend();
        var condition = Operators(1);
        if (Current.Kind == TokenKind.Question)
        {
            var position = Take().Position;
            var then = Operators(1);
            Expect(TokenKind.Colon, "':' of the condition '? :'");
            condition = Checked(new ConditionalSyntax(position, condition, then, Expression()));
        }
        _depth--;
        return condition;
    }

    private static int Precedence(TokenKind kind) => kind switch
    {
        TokenKind.Or => 1,
        TokenKind.And => 2,
        TokenKind.Equal or TokenKind.NotEqual or TokenKind.Less or TokenKind.LessOrEqual or TokenKind.Greater or TokenKind.GreaterOrEqual or TokenKind.In => 3,
        TokenKind.Plus or TokenKind.Minus => 4,
        TokenKind.Star or TokenKind.Slash or TokenKind.Percent => 5,
        _ => 0,
    };

    private SyntaxNode Operators(int lowest)
    {
        var left = Unary();
        while (Precedence(Current.Kind) is var precedence && precedence >= lowest)
        {
            var op = Take();
            var right = Operators(precedence + 1);
            left = op.Kind is TokenKind.And or TokenKind.Or ? Chain(op, left, right) : Checked(new BinarySyntax(op.Position, op.Kind, left, right));
        }
        return left;
    }

    /// <summary>a || b || c is one node, however long.</summary>
    private SyntaxNode Chain(Token op, SyntaxNode left, SyntaxNode right)
    {
        var operands = new List<SyntaxNode> { left, right };
        while (Current.Kind == op.Kind)
        {
            Take();
            operands.Add(Operators(Precedence(op.Kind) + 1));
        }
        return Checked(new LogicSyntax(op.Position, op.Kind, [.. operands]));
    }

    private SyntaxNode Unary()
    {
        if (Current.Kind is not (TokenKind.Not or TokenKind.Minus))
            return Member();
        var op = Take();
        if (op.Kind == TokenKind.Minus && Current is { Kind: TokenKind.Literal, Value.Kind: ValueKind.Int or ValueKind.Double or ValueKind.Error })
            return Member(op);
        Descend();
        var operand = Unary();
        _depth--;
        return Checked(new UnarySyntax(op.Position, op.Kind, operand));
    }

    private SyntaxNode Member(Token? minus = null)
    {
        var node = Primary(minus);
        while (true)
        {
            switch (Current.Kind)
            {
                case TokenKind.Dot:
                    Take();
                    var name = Take();
                    if (name.Kind == TokenKind.Identifier && Current.Kind == TokenKind.LeftParenthesis)
                        node = Macros.Expand(name, node, Arguments());
                    else if (name.Kind is TokenKind.Identifier or TokenKind.QuotedIdentifier)
                        node = new SelectSyntax(name.Position, node, name.Text);
                    else
                        throw new SyntaxException(name.Position, $"a field name was expected after '.', here is {Shown(name)}");
                    break;
                case TokenKind.LeftBracket:
                    var position = Take().Position;
                    node = new IndexSyntax(position, node, Expression());
                    Expect(TokenKind.RightBracket, "']'");
                    break;
                case TokenKind.LeftBrace when DottedName(node) is { } typeName:
                    node = Message(node.Position, typeName);
                    break;
                default:
                    return node;
            }
            Checked(node);
        }
    }

    private SyntaxNode Primary(Token? minus)
    {
        var token = Take();
        switch (token.Kind)
        {
            case TokenKind.Literal:
                return new LiteralSyntax(minus?.Position ?? token.Position, Signed(token, minus is not null));
            case TokenKind.LeftParenthesis:
                var inner = Expression();
                Expect(TokenKind.RightParenthesis, "')'");
                return inner;
            case TokenKind.LeftBracket:
                return new ListSyntax(token.Position, Sequence(TokenKind.RightBracket, "']'"));
            case TokenKind.LeftBrace:
                return Map(token.Position);
            case TokenKind.Dot:
                return Name(Take(), isRooted: true);
            case TokenKind.Identifier:
                return Name(token, isRooted: false);
            default:
                throw new SyntaxException(token.Position, $"a value was expected, here is {Shown(token)}");
        }
    }

    private SyntaxNode Name(Token token, bool isRooted)
    {
        if (token.Kind != TokenKind.Identifier)
            throw new SyntaxException(token.Position, $"a name was expected after '.', here is {Shown(token)}");
        if (Current.Kind == TokenKind.LeftParenthesis)
            return Macros.Expand(token, null, Arguments());
        if (ReservedWords.Contains(token.Text))
            throw new SyntaxException(token.Position, $"'{token.Text}' is a reserved word");
        return new NameSyntax(token.Position, token.Text, isRooted);
    }

    private static Value Signed(Token token, bool isNegative) => token.Value.Kind switch
    {
        ValueKind.Error => isNegative ? Value.Int(long.MinValue) : throw new SyntaxException(token.Position, "a whole number does not fit an int; a uint ends in u"),
        ValueKind.Int when isNegative => Value.Int(-token.Value.AsInt),
        ValueKind.Double when isNegative => Value.Double(-token.Value.AsDouble),
        _ => token.Value,
    };

    private SyntaxNode[] Arguments()
    {
        Take();
        return Sequence(TokenKind.RightParenthesis, "')'");
    }

    private SyntaxNode[] Sequence(TokenKind end, string endName)
    {
        var nodes = new List<SyntaxNode>();
        while (Current.Kind != end)
        {
            nodes.Add(Expression());
            if (Current.Kind != TokenKind.Comma)
                break;
            Take();
        }
        Expect(end, $"',' or {endName}");
        return [.. nodes];
    }

    private MapSyntax Map(int position)
    {
        var keys = new List<SyntaxNode>();
        var values = new List<SyntaxNode>();
        while (Current.Kind != TokenKind.RightBrace)
        {
            keys.Add(Expression());
            Expect(TokenKind.Colon, "':' between key and value");
            values.Add(Expression());
            if (Current.Kind != TokenKind.Comma)
                break;
            Take();
        }
        Expect(TokenKind.RightBrace, "',' or '}'");
        return new MapSyntax(position, [.. keys], [.. values]);
    }

    private MessageSyntax Message(int position, string typeName)
    {
        Take();
        var fields = new List<string>();
        var values = new List<SyntaxNode>();
        while (Current.Kind != TokenKind.RightBrace)
        {
            var field = Take();
            if (field.Kind is not (TokenKind.Identifier or TokenKind.QuotedIdentifier))
                throw new SyntaxException(field.Position, $"a field name was expected, here is {Shown(field)}");
            Expect(TokenKind.Colon, "':' between field and value");
            fields.Add(field.Text);
            values.Add(Expression());
            if (Current.Kind != TokenKind.Comma)
                break;
            Take();
        }
        Expect(TokenKind.RightBrace, "',' or '}'");
        return new MessageSyntax(position, typeName, [.. fields], [.. values]);
    }

    /// <summary>The dotted name this node spells, or null if it is more than that.</summary>
    private static string? DottedName(SyntaxNode node) => node switch
    {
        NameSyntax name => name.Name,
        SelectSyntax select when DottedName(select.Operand) is { } operand => $"{operand}.{select.Field}",
        _ => null,
    };

    private void Descend()
    {
        if (++_depth > MaxDepth)
            throw TooDeep(Current.Position);
    }

    private static SyntaxNode Checked(SyntaxNode node) => node.Height <= MaxDepth ? node : throw TooDeep(node.Position);

    private static SyntaxException TooDeep(int position) => new(position, $"nested deeper than {MaxDepth} levels");

    private Token Take() => _at < _tokens.Count - 1 ? _tokens[_at++] : _tokens[^1];

    private void Expect(TokenKind kind, string wanted)
    {
        if (Current.Kind != kind)
            throw Unexpected(wanted);
        Take();
    }

    private SyntaxException Unexpected(string wanted) => new(Current.Position, $"{wanted} was expected, here is {Shown(Current)}");

    private static string Shown(Token token) => token.Kind == TokenKind.End ? token.Text : $"'{(token.Text.Length > 40 ? token.Text[..40] + "…" : token.Text)}'";

    private static readonly HashSet<string> ReservedWords = new(StringComparer.Ordinal)
    {
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return", "var", "void", "while",
    };
}
