using System.Text.Json;

namespace StreamInsight.Expressions.Eval;

/// <summary>One expression with the variables it may read: what a line given to <c>streaminsight eval</c> says.</summary>
public sealed class EvalRequest
{
    private static readonly JsonDocumentOptions Limits = new() { MaxDepth = 256 };

    private readonly Dictionary<string, (CelType Type, Value? Value)> _variables = new(StringComparer.Ordinal);

    private EvalRequest(string expression) => Expression = expression;

    public string Expression { get; }

    /// <summary>CEL's container: names are looked up below it first. Empty = none.</summary>
    public string Container { get; private init; } = "";

    /// <summary>Reads <c>{"expr": …, "bindings": …, "type_env": …, "container": …}</c>. Throws <see cref="FormatException"/> with what is wrong.</summary>
    public static EvalRequest Read(string line)
    {
        using var document = Parse(line);
        var json = document.RootElement;
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("expr", out var expression) || expression.ValueKind != JsonValueKind.String)
            throw new FormatException("a line is an object with a string 'expr'");
        var container = json.TryGetProperty("container", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString()! : "";
        var request = new EvalRequest(expression.GetString()!) { Container = container };
        if (json.TryGetProperty("type_env", out var types))
            request.DeclareTypes(types);
        if (json.TryGetProperty("bindings", out var bindings))
            request.Bind(bindings);
        return request;
    }

    /// <summary>An expression with bindings as one JSON object, name → typed value; null = none. Throws <see cref="FormatException"/>.</summary>
    public static EvalRequest Read(string expression, string? bindings)
    {
        var request = new EvalRequest(expression);
        if (bindings is not null)
        {
            using var document = Parse(bindings);
            request.Bind(document.RootElement);
        }
        return request;
    }

    /// <summary>The names of this request. To read a variable that is typed but not bound is an error.</summary>
    internal Scope Scope()
    {
        var scope = new Scope { Container = Container };
        foreach (var (name, (type, value)) in _variables)
            scope.Declare(name, type, new ConstantNode(value ?? Value.Error($"'{name}' has no value")));
        return scope;
    }

    private static JsonDocument Parse(string text)
    {
        try
        {
            return JsonDocument.Parse(text, Limits);
        }
        catch (JsonException fault)
        {
            throw new FormatException($"not JSON: {fault.Message}");
        }
    }

    private void DeclareTypes(JsonElement types)
    {
        if (types.ValueKind != JsonValueKind.Array)
            throw new FormatException("'type_env' is an array");
        foreach (var entry in types.EnumerateArray())
            if (entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String
                && entry.TryGetProperty("ident", out var ident) && ident.ValueKind == JsonValueKind.Object && ident.TryGetProperty("type", out var type))
                _variables[name.GetString()!] = (TypedType.Read(type), null);
    }

    private void Bind(JsonElement bindings)
    {
        if (bindings.ValueKind != JsonValueKind.Object)
            throw new FormatException("bindings are an object, name to typed value");
        foreach (var binding in bindings.EnumerateObject())
        {
            // The conformance tests wrap each value once more: {"x": {"value": {"int64_value": "1"}}}.
            var json = binding.Value.ValueKind == JsonValueKind.Object && binding.Value.TryGetProperty("value", out var inner) ? inner : binding.Value;
            var type = _variables.TryGetValue(binding.Name, out var declared) ? declared.Type : CelType.Dyn;
            try
            {
                _variables[binding.Name] = (type, TypedJson.Read(json));
            }
            catch (NotSupportedException unknown)
            {
                _variables[binding.Name] = (CelType.Dyn, Value.Error(unknown.Message));
            }
            catch (FormatException fault)
            {
                throw new FormatException($"binding '{binding.Name}': {fault.Message}");
            }
        }
    }
}
