using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StreamInsight.Deploy.Tests.Setting;

namespace StreamInsight.Deploy.Tests.Docker;

/// <summary>What can be known of the image without an engine to build it.</summary>
public sealed partial class DockerfileTests
{
    private static readonly string[] Lines =
        [.. Repository.Read("Dockerfile").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')];

    [Fact]
    public void Everything_it_copies_is_there_and_not_ignored()
    {
        string[] allowed = [.. Repository.Read(".dockerignore").Split('\n').Where(line => line.StartsWith('!')).Select(line => line[1..].Trim())];
        string[] sources = [.. Lines.Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from=", StringComparison.Ordinal))
            .SelectMany(line => line.Split(' ')[1..^1])];
        Assert.NotEmpty(sources);
        foreach (string source in sources)
        {
            Assert.True(Path.Exists(Repository.File(source)), $"COPY {source}: it is not there");
            Assert.True(allowed.Any(name => source.TrimEnd('/') == name || source.StartsWith(name + "/", StringComparison.Ordinal)), $"COPY {source}: .dockerignore leaves it out");
        }
    }

    [Fact]
    public void Packages_are_restored_from_the_project_files_of_all_that_the_server_is_made_of()
    {
        string[] before = [.. Lines.TakeWhile(line => !line.StartsWith("RUN dotnet restore", StringComparison.Ordinal))];
        foreach (string project in Directory.GetFiles(Repository.File("src"), "*.csproj", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Repository.Path, file)))
            Assert.Contains($"COPY {project} {Path.GetDirectoryName(project)}/", before);
    }

    [Fact]
    public async Task The_commands_it_runs_are_commands_that_dotnet_takes_on_projects_that_are_there()
    {
        string[] runs = [.. Lines.Where(line => line.StartsWith("RUN dotnet ", StringComparison.Ordinal))];
        Assert.Equal(["restore", "publish"], runs.Select(run => run.Split(' ')[2]));
        foreach (string run in runs)
        {
            string[] words = run.Split(' ')[2..];
            Assert.True(File.Exists(Repository.File(words[1])), words[1]);
            (_, string help) = await Tool.RunAsync("dotnet", [words[0], "--help"]);
            Assert.All(words.Where(word => word.StartsWith("--", StringComparison.Ordinal)), option => Assert.Contains(option, help));
            // Two restores that differ would have publish ask for packages again, or miss them.
            Assert.Contains("-p:PackageProfile=complete", words);
            Assert.Contains("-p:PublishReadyToRun=true", words);
            Assert.Contains("--use-current-runtime", words);
        }
    }

    [Fact]
    public void It_runs_as_a_user_that_is_not_root_and_tells_its_health_without_curl()
    {
        Assert.Matches("^USER [1-9][0-9]*:[1-9][0-9]*$", Lines.Single(line => line.StartsWith("USER", StringComparison.Ordinal)));
        Assert.Contains("CMD [\"/app/streaminsight\", \"health\"]", Lines.Single(line => line.StartsWith("HEALTHCHECK", StringComparison.Ordinal)));
        Assert.Equal("ENTRYPOINT [\"/app/streaminsight\"]", Lines.Single(line => line.StartsWith("ENTRYPOINT", StringComparison.Ordinal)));
        string framework = Framework().Match(Repository.Read("Directory.Build.props")).Groups[1].Value;
        string[] images = [.. Lines.Where(line => line.StartsWith("FROM ", StringComparison.Ordinal))];
        Assert.StartsWith("FROM node:", images[0]);
        Assert.All(images[1..], line => Assert.Contains($":{framework}", line));
    }

    [Fact]
    public void The_console_is_built_from_its_lock_file_by_a_node_that_it_can_be_built_with()
    {
        string image = Lines.Single(line => line.StartsWith("FROM node:", StringComparison.Ordinal));
        int major = int.Parse(image["FROM node:".Length..image.IndexOf('-')], CultureInfo.InvariantCulture);
        JsonNode package = JsonNode.Parse(Repository.Read("src/StreamInsight.Console/package.json"))!;
        Assert.EndsWith(">=22.12.0", package["engines"]!["node"]!.GetValue<string>());
        Assert.True(major >= 22 && major % 2 == 0, $"{image}: an even version from 22 on is maintained");
        string[] runs = [.. Lines.Where(line => line.StartsWith("RUN npm ", StringComparison.Ordinal))];
        Assert.Equal(["ci", "run"], runs.Select(run => run.Split(' ')[2]));
        Assert.NotNull(package["scripts"]![runs[1].Split(' ')[3]]);
        Assert.Contains("COPY --from=console /console/dist src/StreamInsight.Console/dist/", Lines);
    }

    [Fact]
    public void The_lock_file_of_the_console_names_versions_and_hashes_and_no_place()
    {
        string text = Repository.Read("src/StreamInsight.Console/package-lock.json");
        Assert.DoesNotContain("://", text);
        Assert.DoesNotContain("\"resolved\"", text);
        Assert.Contains("omit-lockfile-registry-resolved=true", Repository.Read("src/StreamInsight.Console/.npmrc"));
        JsonObject packages = JsonNode.Parse(text)!["packages"]!.AsObject();
        Assert.All(packages.Where(package => package.Key != ""), package => Assert.NotNull(package.Value!["integrity"]));
        // `npm ci` refuses a lock file that leaves out what a package asks for, optional or not.
        IEnumerable<string> asked = packages.SelectMany(package => new[] { "dependencies", "optionalDependencies" }.SelectMany(kind => package.Value![kind]?.AsObject().Select(named => named.Key) ?? []));
        Assert.All(asked, name => Assert.Contains(packages, package => package.Key.EndsWith("node_modules/" + name, StringComparison.Ordinal)));
    }

    [GeneratedRegex("<TargetFramework>net([0-9.]+)<")]
    private static partial Regex Framework();
}
