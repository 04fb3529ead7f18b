using System.Security.Cryptography;
using System.Text;

namespace StreamInsight.Server.Http;

/// <summary>
/// The web console at <c>/</c>: the files that the build of <c>src/StreamInsight.Console</c> left in <c>wwwroot</c> beside the program, read once. They are the same for everybody
/// and need no key; all that is shown comes from the API, which asks for one. Without the files <c>/</c> says how to get them.
/// </summary>
internal static class ConsoleFiles
{
    private const string Missing = """
        <!doctype html>
        <html lang="en">
        <title>StreamInsight</title>
        <h1>StreamInsight runs; its console is not built</h1>
        <p>The service and its HTTP API are all there: see <a href="openapi/v1.json">openapi/v1.json</a>.</p>
        <p>For the console, install Node.js 20.19 or newer with npm, run <code>./insight build</code> in the folder of the sources, and start the service again. The container image has it.</p>
        </html>

        """;

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "wwwroot");

    public static void Map(WebApplication app) => Map(app, Folder);

    internal static void Map(WebApplication app, string folder)
    {
        string page = Path.Combine(folder, "index.html"), parts = Path.Combine(folder, "console");
        Map(app, "/", "text/html; charset=utf-8", File.Exists(page) ? File.ReadAllBytes(page) : Encoding.UTF8.GetBytes(Missing));
        foreach (string part in Directory.Exists(parts) ? Directory.GetFiles(parts) : [])
            Map(app, $"/console/{Path.GetFileName(part)}", TypeOf(part), File.ReadAllBytes(part));
    }

    private static void Map(WebApplication app, string path, string type, byte[] content)
    {
        string tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"";
        app.MapGet(path, async context =>
        {
            IHeaderDictionary headers = context.Response.Headers;
            // What comes from elsewhere is not run, not even when data finds a way into the page.
            headers.ContentSecurityPolicy = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            // Names stay the same from version to version: a browser asks whether its copy is the newest.
            headers.CacheControl = "no-cache";
            headers.ETag = tag;
            if (context.Request.Headers.IfNoneMatch == tag)
            {
                context.Response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
            context.Response.ContentType = type;
            context.Response.ContentLength = content.Length;
            await context.Response.Body.WriteAsync(content, context.RequestAborted);
        });
    }

    private static string TypeOf(string file) => Path.GetExtension(file) switch
    {
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".txt" or ".md" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
}
