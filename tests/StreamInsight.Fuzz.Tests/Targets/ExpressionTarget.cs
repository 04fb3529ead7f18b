using System.Text;
using StreamInsight.Expressions;
using StreamInsight.Expressions.Eval;

namespace StreamInsight.Fuzz.Targets;

/// <summary>CEL: parsed, checked, planned and evaluated, and evaluated once more without types; then the other readings the text may have.</summary>
public sealed class ExpressionTarget : IFuzzTarget
{
    private const string Bindings =
        """{"features":{"map_value":{"entries":[{"key":{"string_value":"spend"},"value":{"double_value":130.5}},{"key":{"string_value":"recent"},"value":{"list_value":{"values":[{"string_value":"shoes"},{"string_value":"é"}]}}}]}},"traits":{"map_value":{"entries":[{"key":{"string_value":"tier"},"value":{"string_value":"gold"}}]}},"x":{"int64_value":"5"}}""";

    public string Name => "expressions";

    public IReadOnlyList<byte[]> Corpus { get; } = [.. Fuzz.Corpus.Expressions];

    public IReadOnlyList<byte[]> Words { get; } = Fuzz.Corpus.Words(
        "( ) [ ] { } , : . ? ?: && || ! == != < <= > >= + - * / % in now features.spend features.recent traits.tier x 1 -1 1u 1.5 'a' \"b\" b'c' r'd' true false null " +
        "size( has( int( string( duration('1h') timestamp('2026-03-01T00:00:00Z') .map(y, .filter(y, .all(y, .exists(y, .exists_one(y, .matches('(a+)+$') .matches('[a-z]{1,999}') .getHours('UTC') " +
        ".split('') .join() .format([ .replace('a','aaaaaaaa') .substring(1) .contains( [1,2,3,4,5,6,7,8,9] math.greatest( '%99999999d' google.protobuf.Timestamp{} type( dyn(");

    public int MaxBytes => 20_000;

    public string Read(byte[] input)
    {
        string source = Encoding.UTF8.GetString(input);
        var faults = new List<ExpressionFault>();
        EvalRequest request = EvalRequest.Read(source, Bindings);
        string said = Evaluator.Line(Evaluator.EvaluateChecked(request, faults, out _));
        if (faults.Exists(f => f.Message.Length == 0))
            throw new InvalidOperationException("a fault that says nothing");
        said += Evaluator.Line(Evaluator.Evaluate(request, faults));
        return said;
    }
}
