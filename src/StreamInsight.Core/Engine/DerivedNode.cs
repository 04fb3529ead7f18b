using StreamInsight.Expressions;

namespace StreamInsight.Engine;

/// <summary>Reads a derived feature; an error gives null. Its macros have variables of their own, since it may be read inside another's.</summary>
public sealed class DerivedNode(Expression expression) : Node
{
    public override Value Evaluate(EvalContext context)
    {
        if (expression.LocalSlots == 0)
            return OrNull(expression.Evaluate(context));

        Value[] outer = context.Locals;
        context.Locals = new Value[expression.LocalSlots];
        Value value = OrNull(expression.Evaluate(context));
        context.Locals = outer;
        return value;
    }

    private static Value OrNull(Value value) => value.IsError ? Value.Null : value;
}
