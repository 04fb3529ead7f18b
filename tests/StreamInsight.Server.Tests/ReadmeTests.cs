using System.Diagnostics;
using System.Text.RegularExpressions;
using StreamInsight.Server.Tests.Setting;
using Xunit;

namespace StreamInsight.Server.Tests;

/// <summary>What the README tells a new user to type works, and prints what it says.</summary>
public sealed partial class ReadmeTests : IDisposable
{
    private static readonly string Repository = FindRepository();

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_commands_over_the_quickstart_work_in_their_order()
    {
        string[] commands = [.. QuickCommands().Matches(File.ReadAllText(Path.Combine(Repository, "README.md"))).Select(match => match.Groups[1].Value)];
        Assert.Equal(3, commands.Length);   // check, replay, explain
        string printed = string.Concat(commands.Select(command => Run(command.Replace(" out", $" {_folder.Path}/out", StringComparison.Ordinal))));
        Assert.Contains("segment high_value: 2 entered − 0 left = 2 members", printed, StringComparison.Ordinal);
        Assert.Contains("does not hold; if nothing happens: turns at 2026-05-30T10:06:00.000Z", printed, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_file_the_readme_links_to_is_there()
    {
        foreach (Match link in Links().Matches(File.ReadAllText(Path.Combine(Repository, "README.md"))))
            Assert.True(Path.Exists(Path.Combine(Repository, link.Groups[1].Value)), $"README.md links to {link.Groups[1].Value}, which is not there");
    }

    private static string Run(string arguments)
    {
        var start = new ProcessStartInfo("dotnet", $"{typeof(CommandLine).Assembly.Location} {arguments}")
        {
            WorkingDirectory = Repository,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"'{arguments}' ended with {process.ExitCode}: {errors.Result}");
        return output;
    }

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "StreamInsight.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("StreamInsight.sln is not above the tests.");
        return folder.FullName;
    }

    [GeneratedRegex(@"^\./insight ((?:check|replay|explain) .*(?:quickstart|--replayed).*)$", RegexOptions.Multiline)]
    private static partial Regex QuickCommands();

    [GeneratedRegex(@"\]\(([^)#:]+)\)")]
    private static partial Regex Links();
}
