using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace StreamInsight.Expressions.Eval;

/// <summary>Evaluates requests the way CEL's conformance tests do: types are judged by the values, not checked before.</summary>
public static class Evaluator
{
    private static readonly JsonWriterOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 2000 };

    /// <summary>The value, or an error value. Faults of the text itself are also added to <paramref name="faults"/>.</summary>
    public static Value Evaluate(EvalRequest request, List<ExpressionFault> faults) => Evaluate(Cel.CompileUnchecked(request.Expression, request.Scope(), faults), faults);

    /// <summary>The same after checking types; <paramref name="type"/> = the type found, null if there are faults.</summary>
    public static Value EvaluateChecked(EvalRequest request, List<ExpressionFault> faults, out CelType? type)
    {
        var expression = Cel.Compile(request.Expression, request.Scope(), null, faults);
        type = expression?.Type;
        return Evaluate(expression, faults);
    }

    private static Value Evaluate(Expression? expression, List<ExpressionFault> faults) =>
        expression is null ? Value.Error(string.Join("; ", faults)) : expression.Evaluate(new EvalContext());

    /// <summary>One line: <c>{"value":{"int64_value":"1"}}</c> or <c>{"error":"…"}</c>.</summary>
    public static string Line(in Value value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Format))
        {
            writer.WriteStartObject();
            if (value.IsError)
            {
                writer.WriteString("error", value.AsString);
            }
            else
            {
                writer.WritePropertyName("value");
                TypedJson.Write(writer, value);
            }
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
