using System.Globalization;
using System.Text.Json.Nodes;

namespace StreamInsight.Deploy.Tests.Kubernetes.Kustomize;

/// <summary>JSON Patch (RFC 6902): add, remove, replace. A path that is not there is an error.</summary>
internal static class JsonPatch
{
    public static void Apply(JsonObject target, JsonArray steps)
    {
        foreach (JsonNode? step in steps)
        {
            string operation = step!["op"]!.GetValue<string>(), path = step["path"]!.GetValue<string>();
            string[] parts = [.. path[1..].Split('/').Select(part => part.Replace("~1", "/").Replace("~0", "~"))];
            JsonNode parent = parts[..^1].Aggregate((JsonNode)target, (node, part) => Step(node, part) ?? throw new InvalidOperationException($"{path} is not there"));
            string last = parts[^1];
            if (operation != "add" && Step(parent, last) is null)
                throw new InvalidOperationException($"{path} is not there");
            switch (operation, parent)
            {
                case ("remove", JsonObject map):
                    map.Remove(last);
                    break;
                case ("add" or "replace", JsonObject map):
                    map[last] = step["value"]!.DeepClone();
                    break;
                case ("remove", JsonArray list):
                    list.RemoveAt(Index(last));
                    break;
                case ("replace", JsonArray list):
                    list[Index(last)] = step["value"]!.DeepClone();
                    break;
                case ("add", JsonArray list) when last == "-":
                    list.Add(step["value"]!.DeepClone());
                    break;
                default:
                    throw new NotSupportedException($"{operation} at {path}");
            }
        }
    }

    private static JsonNode? Step(JsonNode node, string part) => node is JsonArray list ? list[Index(part)] : node[part];

    private static int Index(string part) => int.Parse(part, CultureInfo.InvariantCulture);
}
