using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace StreamInsight.Deploy.Tests.Kubernetes.Kustomize;

/// <summary>Config maps and secrets out of files. The hash in a name is of our own making: it only has to change with the content.</summary>
internal static class Generators
{
    public static JsonObject ConfigMap(string folder, JsonObject said)
    {
        var data = new JsonObject();
        foreach (JsonNode? file in (JsonArray)said["files"]!)
            data[Path.GetFileName(file!.GetValue<string>())] = Read(folder, file.GetValue<string>());
        return Make("ConfigMap", said, data);
    }

    public static JsonObject Secret(string folder, JsonObject said)
    {
        var data = new JsonObject();
        foreach (JsonNode? file in (JsonArray)said["envs"]!)
            foreach (string line in Read(folder, file!.GetValue<string>()).Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#'))
                data[line[..line.IndexOf('=')]] = Convert.ToBase64String(Encoding.UTF8.GetBytes(line[(line.IndexOf('=') + 1)..]));
        JsonObject secret = Make("Secret", said, data);
        secret["type"] = "Opaque";
        return secret;
    }

    /// <summary>Makes pods name the config maps and secrets by their full names.</summary>
    public static void NameReferences(List<JsonObject> objects)
    {
        foreach (JsonObject made in objects.Where(one => one["metadata"]!["annotations"]?["hash"] is not null))
        {
            var metadata = (JsonObject)made["metadata"]!;
            string name = metadata["name"]!.GetValue<string>(), full = $"{name}-{metadata["annotations"]!["hash"]}";
            metadata.Remove("annotations");
            metadata["name"] = full;
            foreach (JsonNode? volume in objects.Select(one => one["spec"]?["template"]?["spec"]?["volumes"]).OfType<JsonArray>().SelectMany(list => list))
                if (volume!["configMap"]?["name"]?.GetValue<string>() == name)
                    volume["configMap"]!["name"] = full;
        }
    }

    private static JsonObject Make(string kind, JsonObject said, JsonObject data)
    {
        var metadata = new JsonObject { ["name"] = said["name"]!.GetValue<string>() };
        if (said["options"]?["labels"] is { } labels)
            metadata["labels"] = labels.DeepClone();
        if (said["options"]?["disableNameSuffixHash"]?.GetValue<bool>() != true)
            metadata["annotations"] = new JsonObject { ["hash"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(data.ToJsonString())))[..10] };
        return new JsonObject { ["apiVersion"] = "v1", ["kind"] = kind, ["metadata"] = metadata, ["data"] = data };
    }

    private static string Read(string folder, string file) =>
        File.Exists(Path.Combine(folder, file)) ? File.ReadAllText(Path.Combine(folder, file))
        : throw new FileNotFoundException($"{Path.Combine(folder, file)} is not there.{(file.EndsWith("secrets.env", StringComparison.Ordinal) ? " Copy k8s/overlays/secrets.env.example and fill it in." : "")}");
}
