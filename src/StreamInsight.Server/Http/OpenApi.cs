namespace StreamInsight.Server.Http;

/// <summary><c>GET /openapi/v1.json</c>: the HTTP API as an OpenAPI document, written by hand beside the routes; a test compares the two.</summary>
internal static class OpenApi
{
    public static void Map(WebApplication app) => app.MapGet("/openapi/v1.json", context =>
    {
        context.Response.ContentType = "application/json";
        using Stream document = typeof(OpenApi).Assembly.GetManifestResourceStream("openapi.json")!;
        return document.CopyToAsync(context.Response.Body);
    });
}
