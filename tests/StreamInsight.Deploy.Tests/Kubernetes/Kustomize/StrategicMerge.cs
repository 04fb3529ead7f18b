using System.Text.Json.Nodes;

namespace StreamInsight.Deploy.Tests.Kubernetes.Kustomize;

/// <summary>A strategic merge patch: maps are merged, null removes, lists of named things are merged by name, other lists are replaced.</summary>
internal static class StrategicMerge
{
    private static readonly Dictionary<string, string> MergeKeys = new()
    {
        ["containers"] = "name", ["env"] = "name", ["volumes"] = "name", ["volumeMounts"] = "mountPath",
    };

    public static void Apply(JsonObject target, JsonObject patch)
    {
        foreach ((string name, JsonNode? value) in patch)
        {
            if (value is null)
                target.Remove(name);
            else if (value is JsonObject map && target[name] is JsonObject inner)
                Apply(inner, map);
            else if (value is JsonArray list && target[name] is JsonArray old && MergeKeys.TryGetValue(name, out string? key))
                Merge(old, list, key);
            else
                target[name] = value.DeepClone();
        }
    }

    /// <summary>What is new comes first, as kustomize does it.</summary>
    private static void Merge(JsonArray old, JsonArray list, string key)
    {
        int at = 0;
        foreach (JsonNode? entry in list)
        {
            if (old.FirstOrDefault(one => one![key]!.GetValue<string>() == entry![key]!.GetValue<string>()) is JsonObject same)
                Apply(same, (JsonObject)entry!);
            else
                old.Insert(at++, entry!.DeepClone());
        }
    }
}
