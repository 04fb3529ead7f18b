using System.Text.Json.Nodes;

namespace StreamInsight.Deploy.Tests.Setting;

/// <summary>The checks of <c>npm/</c>: installed into <c>.local/deploy-checks</c> once, and again when their versions change.</summary>
internal static class NpmChecks
{
    private static readonly string Folder = Repository.File(".local/deploy-checks");
    private static readonly Lazy<Task> Installed = new(InstallAsync);

    /// <summary>What the script finds wrong, one line each.</summary>
    public static async Task<string[]> FaultsAsync(string script, JsonNode content)
    {
        await Installed.Value;
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, content.ToJsonString());
            (int code, string output) = await Tool.RunAsync("node", [Path.Combine(Folder, script), file]);
            Assert.True(code == 0, $"{script}: {output}");
            return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task InstallAsync()
    {
        Assert.True(Tool.IsThere("npm") && Tool.IsThere("node"), "npm is missing: the deployment files are checked with schemas from there. ./insight setup installs it as root.");
        Directory.CreateDirectory(Folder);
        string wanted = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "npm", "package.json"));
        string done = Path.Combine(Folder, "installed.json");
        if (!File.Exists(done) || await File.ReadAllTextAsync(done) != wanted)
        {
            await File.WriteAllTextAsync(Path.Combine(Folder, "package.json"), wanted);
            (int code, string output) = await Tool.RunAsync("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"], Folder);
            Assert.True(code == 0, $"npm install in {Folder}: {output}");
            await File.WriteAllTextAsync(done, wanted);
        }
        foreach (string script in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "npm"), "*.mjs"))
            File.Copy(script, Path.Combine(Folder, Path.GetFileName(script)), overwrite: true);
    }
}
