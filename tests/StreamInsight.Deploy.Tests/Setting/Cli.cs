using System.Diagnostics;
using StreamInsight.Server;

namespace StreamInsight.Deploy.Tests.Setting;

/// <summary>The program <c>streaminsight</c> as a process of its own.</summary>
internal static class Cli
{
    public static Task<string> RunAsync(params string[] arguments) => RunAsync(ExitCode.Done, arguments);

    /// <summary>What it wrote, to both outputs, after it ended as expected.</summary>
    public static async Task<string> RunAsync(int expected, params string[] arguments)
    {
        (int code, string output) = await Tool.RunAsync("dotnet", [typeof(CommandLine).Assembly.Location, .. arguments]);
        Assert.True(code == expected, $"streaminsight {string.Join(' ', arguments)} ended with {code}: {output}");
        return output;
    }
}
