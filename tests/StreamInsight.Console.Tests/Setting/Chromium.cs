using Microsoft.Playwright;

namespace StreamInsight.Console.Tests.Setting;

/// <summary>One browser for all tests, the machine's own: nothing is downloaded. Each test has a profile of its own in it.</summary>
public sealed class Chromium : IAsyncLifetime
{
    public const string Path = "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public IBrowser Browser => _browser!;

    public async Task InitializeAsync()
    {
        if (!File.Exists(Path))
            return; // every test says so
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Path,
            Args =
            [
                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-quic",
                // Chromium refuses its sandbox to root.
                .. Environment.IsPrivilegedProcess ? (string[])["--no-sandbox"] : [],
            ],
        });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
