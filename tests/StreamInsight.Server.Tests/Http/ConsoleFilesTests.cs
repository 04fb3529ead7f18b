using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using StreamInsight.Server.Http;
using StreamInsight.Server.Tests.Setting;

namespace StreamInsight.Server.Tests.Http;

/// <summary>How the console's files are served; what they do is for StreamInsight.Console.Tests.</summary>
public sealed class ConsoleFilesTests
{
    [Fact]
    public async Task Without_the_console_the_page_says_how_to_get_it()
    {
        using var folder = new TempFolder();
        await using WebApplication app = await StartAsync(folder.Path);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        HttpResponseMessage answer = await client.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("./insight build", await answer.Content.ReadAsStringAsync());
        Assert.Contains("default-src 'self'", answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/console/app.js")).StatusCode);
    }

    [Fact]
    public async Task The_files_and_nothing_beside_them_are_served_with_safe_headers()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.File("wwwroot/console"));
        folder.File("secret.js", "secret");
        folder.File("wwwroot/index.html", "<!doctype html><script src=console/app.js></script>");
        folder.File("wwwroot/console/app.js", "run()");
        await using WebApplication app = await StartAsync(folder.File("wwwroot"));
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        foreach ((string path, string type) in ((string, string)[])[("/", "text/html"), ("/console/app.js", "text/javascript")])
        {
            HttpResponseMessage answer = await client.GetAsync(path);
            Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
            Assert.StartsWith("default-src 'self';", answer.Headers.GetValues("Content-Security-Policy").Single());
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
            Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        }
        foreach (string path in (string[])["/console/../secret.js", "/console/%2e%2e/secret.js", "/console/..%2fsecret.js", "/secret.js", "/console/"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(app.Urls.First() + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
            Assert.Equal(HttpStatusCode.NotFound, (await client.SendAsync(request)).StatusCode);
        }
    }

    [Fact]
    public async Task What_a_browser_has_already_is_not_sent_again()
    {
        await using RunningService running = await RunningService.StartAsync();
        HttpResponseMessage first = await running.Client.GetAsync("/");
        Assert.Equal("no-cache", first.Headers.CacheControl!.ToString());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        HttpResponseMessage again = await running.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Empty(await again.Content.ReadAsByteArrayAsync());
    }

    private static async Task<WebApplication> StartAsync(string folder)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        ConsoleFiles.Map(app, folder);
        await app.StartAsync();
        return app;
    }
}
