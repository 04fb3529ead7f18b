using StreamInsight.Server.Http;

namespace StreamInsight.Console.Tests.Setting;

/// <summary>A test that drives the built console in Debian's Chromium; skipped, saying so, where one of them is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute()
    {
        if (!File.Exists(Chromium.Path))
            Skip = "There is no chromium here; ./insight setup installs it as root.";
        else if (!File.Exists(System.IO.Path.Combine(ConsoleFiles.Folder, "index.html")))
            Skip = "The console is not built: npm is missing, or its build failed. ./insight setup says which.";
    }
}
