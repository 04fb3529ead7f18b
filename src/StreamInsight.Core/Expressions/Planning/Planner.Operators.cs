using StreamInsight.Expressions.Nodes;
using StreamInsight.Expressions.Syntax;

namespace StreamInsight.Expressions.Planning;

/// <summary>Operators: their types, and the nodes that know how they follow the clock.</summary>
internal sealed partial class Planner
{
    private Planned PlanUnary(UnarySyntax unary)
    {
        var operand = Plan(unary.Operand);
        if (unary.Operator == TokenKind.Not)
        {
            WantBool(unary.Operand.Position, operand, "!");
            return Fold(unary.Position, new Planned(new NotNode(operand.Node), CelType.Bool), operand);
        }
        var type = operand.Type.WithoutNull;
        if (!type.IsOpen && type.Kind is not (CelTypeKind.Int or CelTypeKind.Double))
            TypeFault(unary.Position, $"'-' takes an int or a double, this is {operand.Type}");
        return Fold(unary.Position, new Planned(new NegateNode(operand.Node), type), operand);
    }

    private Planned PlanLogic(LogicSyntax logic)
    {
        var operands = PlanAll(logic.Operands);
        var isOr = logic.Operator == TokenKind.Or;
        for (var i = 0; i < operands.Length; i++)
            WantBool(logic.Operands[i].Position, operands[i], isOr ? "||" : "&&");
        return Fold(logic.Position, new Planned(new LogicNode(Nodes(operands), deciding: isOr), CelType.Bool), operands);
    }

    private Planned PlanConditional(ConditionalSyntax conditional)
    {
        var condition = Plan(conditional.Condition);
        var then = Plan(conditional.Then);
        var otherwise = Plan(conditional.Otherwise);
        WantBool(conditional.Condition.Position, condition, "? :");
        var type = CelType.Join(then.Type, otherwise.Type);
        if (type.Kind == CelTypeKind.Dyn && !then.Type.IsOpen && !otherwise.Type.IsOpen)
            TypeFault(conditional.Position, $"both results of '? :' must have one type, these are {then.Type} and {otherwise.Type}");
        if (condition.Constant is { Kind: ValueKind.Bool } known)
            return new Planned((known.IsTrue ? then : otherwise).Node, type);
        return new Planned(new ConditionalNode(condition.Node, then.Node, otherwise.Node), type);
    }

    private Planned PlanBinary(BinarySyntax binary)
    {
        var left = Plan(binary.Left);
        var right = Plan(binary.Right);
        if (ComparisonOf(binary.Operator) is { } comparison)
            return PlanComparison(binary, left, comparison, right);
        var isMoving = left.Node.Moves || right.Node.Moves;
        var (node, type) = binary.Operator switch
        {
            TokenKind.Plus => (isMoving ? new MovingSumNode(left.Node, right.Node, false) : (Node)new AddNode(left.Node, right.Node), ArithmeticTypes.Sum(left.Type, right.Type)),
            TokenKind.Minus => (isMoving ? new MovingSumNode(left.Node, right.Node, true) : new SubtractNode(left.Node, right.Node), ArithmeticTypes.Difference(left.Type, right.Type)),
            TokenKind.Star => (new MultiplyNode(left.Node, right.Node), ArithmeticTypes.Product(left.Type, right.Type)),
            TokenKind.Slash => (new DivideNode(left.Node, right.Node), ArithmeticTypes.Product(left.Type, right.Type)),
            TokenKind.Percent => (new ModuloNode(left.Node, right.Node), ArithmeticTypes.Remainder(left.Type, right.Type)),
            _ => (new InNode(left.Node, right.Node), ArithmeticTypes.Membership(left.Type, right.Type)),
        };
        if (type is null)
            TypeFault(binary.Position, $"'{SignOf(binary.Operator)}' does not take {left.Type} and {right.Type}{Advice(binary.Operator, left.Type, right.Type)}");
        return Fold(binary.Position, new Planned(node, type ?? CelType.Dyn), left, right);
    }

    private Planned PlanComparison(BinarySyntax binary, Planned left, Comparison comparison, Planned right)
    {
        var fits = comparison <= Comparison.NotEqual ? ArithmeticTypes.AreEquatable(left.Type, right.Type) : ArithmeticTypes.AreOrdered(left.Type, right.Type);
        if (!fits)
            TypeFault(binary.Position, $"'{SignOf(binary.Operator)}' does not take {left.Type} and {right.Type}");
        Node node;
        if (left.Node is IThresholdNode leaf && right.Constant is { IsError: false } constant)
            node = new ThresholdNode(leaf, comparison, constant);
        else if (right.Node is IThresholdNode flipped && left.Constant is { IsError: false } first)
            node = new ThresholdNode(flipped, Comparisons.Flip(comparison), first);
        else if (left.Node.Moves || right.Node.Moves)
            node = new MovingCompareNode(left.Node, comparison, right.Node);
        else
            node = new CompareNode(left.Node, comparison, right.Node);
        return Fold(binary.Position, new Planned(node, CelType.Bool), left, right);
    }

    private Planned PlanIndex(IndexSyntax syntax)
    {
        var operand = Plan(syntax.Operand);
        var index = Plan(syntax.Index);
        var type = operand.Type.WithoutNull;
        var result = CelType.Dyn;
        if (type.Kind is CelTypeKind.List or CelTypeKind.Map)
        {
            result = type.Inner!;
            if (type.Kind == CelTypeKind.List ? !index.Type.Fits(CelType.Int) : !ArithmeticTypes.AreEquatable(index.Type, type.Key!))
                TypeFault(syntax.Index.Position, $"the index of {type} is {type.Key ?? CelType.Int}, this is {index.Type}");
        }
        else if (!type.IsOpen)
        {
            TypeFault(syntax.Position, $"only lists and maps have an index, this is {operand.Type}");
        }
        return Fold(syntax.Position, new Planned(new IndexNode(operand.Node, index.Node), result), operand, index);
    }

    private void WantBool(int position, Planned operand, string sign)
    {
        if (!operand.Type.Fits(CelType.Bool))
            TypeFault(position, $"'{sign}' takes conditions, this is {operand.Type}");
    }

    private static string Advice(TokenKind op, CelType left, CelType right) =>
        op != TokenKind.In && left.IsNumeric && right.IsNumeric && left.WithoutNull.Kind != right.WithoutNull.Kind
            ? "; number types are not mixed: write 1.0, or convert with double(x)"
            : "";

    private static Comparison? ComparisonOf(TokenKind kind) => kind switch
    {
        TokenKind.Equal => Comparison.Equal,
        TokenKind.NotEqual => Comparison.NotEqual,
        TokenKind.Less => Comparison.Less,
        TokenKind.LessOrEqual => Comparison.LessOrEqual,
        TokenKind.Greater => Comparison.Greater,
        TokenKind.GreaterOrEqual => Comparison.GreaterOrEqual,
        _ => null,
    };

    private static string SignOf(TokenKind kind) => kind switch
    {
        TokenKind.Plus => "+",
        TokenKind.Minus => "-",
        TokenKind.Star => "*",
        TokenKind.Slash => "/",
        TokenKind.Percent => "%",
        TokenKind.Equal => "==",
        TokenKind.NotEqual => "!=",
        TokenKind.Less => "<",
        TokenKind.LessOrEqual => "<=",
        TokenKind.Greater => ">",
        TokenKind.GreaterOrEqual => ">=",
        _ => "in",
    };
}
