using System.Text.Json.Nodes;
using StreamInsight.Deploy.Tests.Kubernetes.Kustomize;
using StreamInsight.Deploy.Tests.Setting;

namespace StreamInsight.Deploy.Tests.Kubernetes;

/// <summary>A copy of k8s/ with secrets filled in, and what its overlays make.</summary>
internal sealed class Manifests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("streaminsight-k8s-");

    public Manifests(bool withSecrets = true)
    {
        foreach (string file in Directory.GetFiles(Repository.File("k8s"), "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "secrets.env"))
        {
            string copy = Path.Combine(_folder.FullName, Path.GetRelativePath(Repository.File("k8s"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        if (withSecrets)
            foreach (string overlay in Overlays)
                File.Copy(Path.Combine(_folder.FullName, "overlays", "secrets.env.example"), Path.Combine(Overlay(overlay), "secrets.env"));
    }

    public static string[] Overlays => ["small", "large"];

    public string Overlay(string name) => Path.Combine(_folder.FullName, "overlays", name);

    public List<JsonObject> Build(string overlay) => Kustomization.Build(Overlay(overlay));

    public void Dispose() => _folder.Delete(recursive: true);
}
