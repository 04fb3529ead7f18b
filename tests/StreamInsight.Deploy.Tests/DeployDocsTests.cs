using System.Text.RegularExpressions;
using StreamInsight.Deploy.Tests.Setting;
using StreamInsight.Server;

namespace StreamInsight.Deploy.Tests;

/// <summary>What docs/deploy.md tells people to type and to look at is there.</summary>
public sealed partial class DeployDocsTests
{
    private static readonly string Text = Repository.Read("docs/deploy.md");

    [Fact]
    public void Every_file_it_links_to_is_there()
    {
        foreach (Match link in Links().Matches(Text))
            Assert.True(Path.Exists(Path.GetFullPath(link.Groups[1].Value, Repository.File("docs"))), link.Groups[1].Value);
    }

    [Fact]
    public void Every_path_its_commands_name_is_there()
    {
        string[] paths = [.. Paths().Matches(string.Concat(Blocks().Matches(Text).Select(block => block.Value))).Select(match => match.Value)];
        Assert.True(paths.Length >= 5);
        foreach (string path in paths.Where(path => !path.EndsWith("secrets.env", StringComparison.Ordinal)))
            Assert.True(Path.Exists(Repository.File(path)), path);
    }

    [Fact]
    public async Task Every_command_of_the_program_takes_the_flags_it_is_given()
    {
        string[] lines = [.. Blocks().Matches(Text).SelectMany(block => block.Value.Split('\n')).Select(line => line.Trim())
            .Where(line => line.StartsWith("streaminsight ", StringComparison.Ordinal))];
        Assert.NotEmpty(lines);
        foreach (string line in lines)
        {
            (_, string help) = await Tool.RunAsync("dotnet", [typeof(CommandLine).Assembly.Location, line.Split(' ')[1], "--help"]);
            Assert.All(line.Split(' ').Where(word => word.StartsWith("--", StringComparison.Ordinal)), flag => Assert.Contains(flag + " ", help));
        }
    }

    [Fact]
    public void Ports_and_keys_are_those_of_the_compose_file()
    {
        string compose = Repository.Read("docker-compose.yml");
        foreach (string port in (string[])["GRAFANA_PORT:-3000", "INSIGHT_1_PORT:-8081", "INSIGHT_2_PORT:-8082", "PROMETHEUS_PORT:-9090", "KAFKA_PORT:-9094", "REDIS_PORT:-16379"])
        {
            Assert.Contains(port, compose);
            Assert.Contains(port[(port.LastIndexOf('-') + 1)..], Text);
        }
        foreach (Match key in TrialKeys().Matches(Text))
            Assert.Contains(key.Value, compose);
    }

    [GeneratedRegex(@"\]\(([^)#:]+)(?:#[^)]*)?\)")]
    private static partial Regex Links();

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"\b(k8s|deploy)/[A-Za-z0-9_./-]+")]
    private static partial Regex Paths();

    [GeneratedRegex("trial-[a-z]+-key")]
    private static partial Regex TrialKeys();
}
