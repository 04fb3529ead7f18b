using System.Text.Json.Nodes;
using StreamInsight.Deploy.Tests.Setting;

namespace StreamInsight.Deploy.Tests.Kubernetes.Kustomize;

/// <summary>
/// Composes what <c>kubectl kustomize</c> composes, for the few of its features that k8s/ uses; anything else is refused, so that nothing is passed over. For machines
/// without kubectl; where there is one, a test compares the two.
/// </summary>
internal static class Kustomization
{
    private static readonly string[] Known =
        ["apiVersion", "kind", "namespace", "resources", "images", "replicas", "configMapGenerator", "secretGenerator", "patches"];

    /// <summary>The objects of the folder's <c>kustomization.yaml</c>.</summary>
    public static List<JsonObject> Build(string folder)
    {
        JsonObject said = YamlJson.One(File.ReadAllText(Path.Combine(folder, "kustomization.yaml")));
        if (said.FirstOrDefault(entry => !Known.Contains(entry.Key)).Key is { } unknown)
            throw new NotSupportedException($"{folder}: kustomization.yaml uses {unknown}, which this builder does not know.");
        var objects = new List<JsonObject>();
        foreach (JsonNode? resource in List(said, "resources"))
            objects.AddRange(Resource(Path.GetFullPath(resource!.GetValue<string>(), folder)));
        foreach (JsonNode? generator in List(said, "configMapGenerator"))
            objects.Add(Generators.ConfigMap(folder, (JsonObject)generator!));
        foreach (JsonNode? generator in List(said, "secretGenerator"))
            objects.Add(Generators.Secret(folder, (JsonObject)generator!));
        foreach (JsonNode? patch in List(said, "patches"))
            Patch(folder, (JsonObject)patch!, objects);
        if (said["namespace"] is { } space)
            objects.ForEach(one => Place(one, space.GetValue<string>()));
        foreach (JsonNode? image in List(said, "images"))
            objects.ForEach(one => Image(one, (JsonObject)image!));
        foreach (JsonNode? replicas in List(said, "replicas"))
            Of(objects, "StatefulSet", Text(replicas, "name"))["spec"]!["replicas"] = replicas!["count"]!.DeepClone();
        Generators.NameReferences(objects);
        return objects;
    }

    private static IEnumerable<JsonObject> Resource(string path)
    {
        if (Directory.Exists(path))
            return Build(path);
        return YamlJson.All(File.ReadAllText(path)).Select(node => (JsonObject)node!);
    }

    private static void Patch(string folder, JsonObject patch, List<JsonObject> objects)
    {
        if (patch["path"] is { } path)
        {
            JsonObject change = YamlJson.One(File.ReadAllText(Path.Combine(folder, path.GetValue<string>())));
            StrategicMerge.Apply(Of(objects, Text(change, "kind"), Text(change["metadata"], "name")), change);
        }
        else
        {
            var steps = (JsonArray)YamlJson.All(Text(patch, "patch")).Single()!;
            JsonPatch.Apply(Of(objects, Text(patch["target"], "kind"), Text(patch["target"], "name")), steps);
        }
    }

    private static void Place(JsonObject one, string space)
    {
        if (Text(one, "kind") == "Namespace")
            one["metadata"]!["name"] = space;
        else
            one["metadata"]!["namespace"] = space;
    }

    private static void Image(JsonObject one, JsonObject image)
    {
        if (one["spec"]?["template"]?["spec"]?["containers"] is not JsonArray containers)
            return;
        foreach (JsonNode? container in containers)
            if (Text(container, "image") == Text(image, "name"))
                container!["image"] = $"{Text(image, "newName")}:{Text(image, "newTag")}";
    }

    private static JsonObject Of(List<JsonObject> objects, string kind, string name) =>
        objects.Single(one => Text(one, "kind") == kind && Text(one["metadata"], "name") == name);

    private static JsonArray List(JsonObject said, string name) => said[name] as JsonArray ?? [];

    private static string Text(JsonNode? node, string name) => node![name]!.GetValue<string>();
}
