namespace StreamInsight.Expressions.Planning;

/// <summary>A part of the text after checking: what evaluates it, and the type it has.</summary>
internal readonly record struct Planned(Node Node, CelType Type)
{
    /// <summary>The value if it is known at load.</summary>
    public Value? Constant => Node is ConstantNode constant ? constant.Value : null;

    public static Planned Of(Value value, CelType type) => new(new ConstantNode(value), type);
}
