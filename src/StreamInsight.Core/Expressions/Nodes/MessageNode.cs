namespace StreamInsight.Expressions.Nodes;

/// <summary>
/// The protobuf messages that CEL takes for plain values: wrappers (<c>google.protobuf.Int64Value{value: 1}</c> is the int 1) and JSON values.
/// A message without fields has its type's default.
/// </summary>
internal sealed class MessageNode(string typeName, string field, Node? content) : Node
{
    private static readonly Value WrongContent = Value.Error("a field of a message has a value of another type");

    private static readonly Dictionary<string, (string Field, CelType Type, Value Default)> Types = new(StringComparer.Ordinal)
    {
        ["BoolValue"] = ("value", CelType.Bool, Value.False),
        ["BytesValue"] = ("value", CelType.Bytes, Value.Bytes([])),
        ["DoubleValue"] = ("value", CelType.Double, Value.Double(0)),
        ["FloatValue"] = ("value", CelType.Double, Value.Double(0)),
        ["Int32Value"] = ("value", CelType.Int, Value.Int(0)),
        ["Int64Value"] = ("value", CelType.Int, Value.Int(0)),
        ["UInt32Value"] = ("value", CelType.Uint, Value.Uint(0)),
        ["UInt64Value"] = ("value", CelType.Uint, Value.Uint(0)),
        ["StringValue"] = ("value", CelType.String, Value.String("")),
        ["ListValue"] = ("values", CelType.List(CelType.Dyn), Value.List()),
        ["Struct"] = ("fields", CelType.Map(CelType.String, CelType.Dyn), Value.Map(CelMap.Empty)),
        ["Value"] = ("null_value number_value string_value bool_value struct_value list_value", CelType.Dyn, Value.Null),
    };

    /// <summary>The node and its type; null if the message is not one of these or has other fields.</summary>
    public static (Node Node, CelType Type)? Plan(string typeName, string[] fields, Node[] contents)
    {
        const string package = "google.protobuf.";
        if (!typeName.StartsWith(package, StringComparison.Ordinal) || !Types.TryGetValue(typeName[package.Length..], out var known) || fields.Length > 1)
            return null;
        if (fields.Length == 0)
            return (new ConstantNode(known.Default), known.Type);
        return known.Field.Split(' ').Contains(fields[0]) ? (new MessageNode(typeName[package.Length..], fields[0], contents[0]), known.Type) : null;
    }

    public override Value Evaluate(EvalContext context)
    {
        var value = content!.Evaluate(context);
        if (value.IsError)
            return value;
        switch (typeName)
        {
            case "Value":
                return field switch
                {
                    "null_value" => Value.Null,
                    "number_value" => value.Kind == ValueKind.Double ? value : WrongContent,
                    "string_value" => value.Kind == ValueKind.String ? value : WrongContent,
                    "bool_value" => value.Kind == ValueKind.Bool ? value : WrongContent,
                    "struct_value" => value.Kind == ValueKind.Map ? value : WrongContent,
                    _ => value.Kind == ValueKind.List ? value : WrongContent,
                };
            case "Int32Value":
                return value.Kind != ValueKind.Int ? WrongContent : value.Bits == (int)value.Bits ? value : Errors.ConversionRange;
            case "UInt32Value":
                return value.Kind != ValueKind.Uint ? WrongContent : value.Bits == (uint)value.Bits ? value : Errors.ConversionRange;
            case "FloatValue":
                return value.Kind == ValueKind.Double ? Value.Double((float)value.AsDouble) : WrongContent;
            default:
                return value.Kind == Types[typeName].Default.Kind ? value : WrongContent;
        }
    }
}
