using Microsoft.Playwright;

namespace StreamInsight.Console.Tests.Setting;

/// <summary>Somebody with the console open. Writes down everything that a browser complains about.</summary>
internal sealed class Visit : IAsyncDisposable
{
    /// <summary>For what needs the service to do something first.</summary>
    public const float PatienceMs = 30_000;

    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];

    private Visit(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.SetDefaultTimeout(PatienceMs);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                Add($"console: {message.Text} {message.Location}");
        };
        page.PageError += (_, error) => Add($"script: {error}");
        page.RequestFailed += (_, request) =>
        {
            // The console ends its own requests when a page is left.
            if (request.Failure != "net::ERR_ABORTED")
                Add($"request: {request.Url} {request.Failure}");
        };
        page.Response += (_, answer) =>
        {
            if (answer.Status >= 400)
                Add($"answer: {answer.Status} {new Uri(answer.Url).PathAndQuery}");
        };
    }

    public IPage Page { get; }

    public ILocator Main => Page.Locator("main");

    /// <summary>What the browser complained about so far.</summary>
    public string[] Complaints
    {
        get
        {
            lock (_complaints)
                return [.. _complaints];
        }
    }

    /// <param name="at">Behind the #, as <c>/customers/u1</c>.</param>
    public static async Task<Visit> OpenAsync(Chromium chromium, Uri service, string at = "/", int width = 1280)
    {
        IBrowserContext context = await chromium.Browser.NewContextAsync(new BrowserNewContextOptions { ViewportSize = new ViewportSize { Width = width, Height = 900 } });
        var visit = new Visit(context, await context.NewPageAsync());
        await visit.Page.GotoAsync($"{service}#{at}");
        return visit;
    }

    /// <summary>As if the link had been followed.</summary>
    public Task GoAsync(string at) => Page.EvaluateAsync("at => { location.hash = at }", at);

    public ILocator Panel(string title) => Page.GetByRole(AriaRole.Region, new PageGetByRoleOptions { Name = title, Exact = true });

    public static ILocatorAssertions Expect(ILocator locator) => Assertions.Expect(locator);

    public Task ShowsAsync(ILocator where, string text) => Expect(where).ToContainTextAsync(text, new LocatorAssertionsToContainTextOptions { Timeout = PatienceMs });

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private void Add(string complaint)
    {
        lock (_complaints)
            _complaints.Add(complaint);
    }
}
