using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace StreamInsight.Server.Tests;

/// <summary>
/// docs/dependencies.md names every package that ships, with its licence; written anew with <c>STREAMINSIGHT_WRITE_DOCS=1</c>. Of packages whose file names no
/// licence by its short name, the licence was read by hand.
/// </summary>
public sealed class DependencyTests
{
    private static readonly Dictionary<string, string> ReadByHand = new(StringComparer.OrdinalIgnoreCase)
    {
        ["librdkafka.redist"] = "BSD-2-Clause (and those of what it contains: LICENSES.txt)",
        ["Microsoft.Orleans.Server"] = "MIT",
        ["StackExchange.Redis"] = "MIT",
        ["Pipelines.Sockets.Unofficial"] = "MIT",
    };

    [Fact]
    public void Every_package_that_ships_is_listed_with_its_licence()
    {
        string root = Repository();
        string path = Path.Combine(root, "docs", "dependencies.md");
        SortedDictionary<string, Package> packages = Resolved(root);
        Assert.NotEmpty(packages);
        Assert.All(packages.Values, package => Assert.False(package.Licence.StartsWith('?'), $"{package.Name} names no licence: read it, and add it to ReadByHand"));
        if (Environment.GetEnvironmentVariable("STREAMINSIGHT_WRITE_DOCS") == "1")
            File.WriteAllText(path, Text(packages.Values));
        string listed = File.ReadAllText(path);
        bool isComplete = XDocument.Load(Path.Combine(root, "PackageProfile.props")).Descendants("PackageProfile").FirstOrDefault()?.Value == "complete";
        foreach (Package package in packages.Values)
        {
            string line = listed.Split('\n').FirstOrDefault(line => line.StartsWith($"| {package.Name} |", StringComparison.Ordinal)) ?? "";
            Assert.True(line.Contains($"| {package.Licence} |"), $"{package.Name}: not in docs/dependencies.md with the licence {package.Licence}; write it anew with STREAMINSIGHT_WRITE_DOCS=1");
            Assert.True(!isComplete || line.Contains($"| {package.Version} |"), $"{package.Name}: docs/dependencies.md has another version than {package.Version}");
        }
        if (isComplete)
            Assert.Equal(packages.Count, listed.Split('\n').Count(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| package", StringComparison.Ordinal)));
    }

    /// <summary>What restoring the shipped projects found, through all their packages.</summary>
    private static SortedDictionary<string, Package> Resolved(string root)
    {
        var packages = new SortedDictionary<string, Package>(StringComparer.OrdinalIgnoreCase);
        foreach (string project in Directory.GetDirectories(Path.Combine(root, "src")).Order(StringComparer.Ordinal))
        {
            string assets = Path.Combine(project, "obj", "project.assets.json");
            if (!File.Exists(assets))
                continue;
            using JsonDocument json = JsonDocument.Parse(File.ReadAllText(assets));
            string[] folders = [.. json.RootElement.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name)];
            // What only builds is no part of the program.
            var runs = json.RootElement.GetProperty("targets").EnumerateObject().First().Value.EnumerateObject().Where(library => library.Value.TryGetProperty("runtime", out _) || library.Value.TryGetProperty("runtimeTargets", out _) || library.Value.TryGetProperty("dependencies", out _))
                .Select(library => library.Name).ToHashSet();
            foreach (JsonProperty library in json.RootElement.GetProperty("libraries").EnumerateObject())
            {
                if (library.Value.GetProperty("type").GetString() != "package" || !runs.Contains(library.Name))
                    continue;
                string[] name = library.Name.Split('/');
                string? folder = folders.Select(folder => Path.Combine(folder, library.Value.GetProperty("path").GetString()!)).FirstOrDefault(Directory.Exists);
                packages[name[0]] = new Package(name[0], name[1], folder is null ? "?" : Licence(name[0], folder));
            }
        }
        // What is in the console's script; what only builds it is marked.
        using JsonDocument npm = JsonDocument.Parse(File.ReadAllText(Path.Combine(root, "src", "StreamInsight.Console", "package-lock.json")));
        foreach (JsonProperty library in npm.RootElement.GetProperty("packages").EnumerateObject())
        {
            if (library.Name.Length == 0 || library.Value.TryGetProperty("dev", out _))
                continue;
            string name = library.Name["node_modules/".Length..];
            packages[name] = new Package(name, library.Value.GetProperty("version").GetString()!, library.Value.GetProperty("license").GetString()!);
        }
        return packages;
    }

    private static string Licence(string name, string folder)
    {
        if (ReadByHand.TryGetValue(name, out string? known))
            return known;
        XElement? licence = XDocument.Load(Directory.GetFiles(folder, "*.nuspec").Single()).Descendants().FirstOrDefault(element => element.Name.LocalName == "license");
        return licence?.Attribute("type")?.Value == "expression" ? licence.Value : "? " + licence?.Value;
    }

    private static string Text(IEnumerable<Package> packages)
    {
        var text = new StringBuilder("""
            # Dependencies and their licences

            StreamInsight itself is under Apache-2.0. What ships with it beside .NET and ASP.NET Core (MIT), directly or through another package, in the package profile
            `complete`; `partial` has the same packages, some in older versions, and builds librdkafka 2.15.1 (BSD-2-Clause) from source. SQLite, inside
            SQLitePCLRaw.lib.e_sqlite3, is in the public domain. Preact, from npm, is inside the console's script; its licence is beside it (`console/licenses.md`). Tests, benchmarks and the
            console's build use further packages that do not ship.

            The list is compared with what a restore finds, by a test; write it anew with `STREAMINSIGHT_WRITE_DOCS=1 ./insight test DependencyTests`.

            | package | version | licence |
            |---|---|---|

            """);
        foreach (Package package in packages)
            text.Append("| ").Append(package.Name).Append(" | ").Append(package.Version).Append(" | ").Append(package.Licence).Append(" |\n");
        return text.ToString();
    }

    private static string Repository()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "StreamInsight.sln")))
            folder = folder.Parent;
        return folder!.FullName;
    }

    private sealed record Package(string Name, string Version, string Licence);
}
