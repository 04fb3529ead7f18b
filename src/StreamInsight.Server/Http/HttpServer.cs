using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using StreamInsight.Definitions;
using StreamInsight.Server.Configuration;

namespace StreamInsight.Server.Http;

/// <summary>Kestrel and the routes. Knows no defaults of ASP.NET's host: no configuration files, no environment, no signal handlers.</summary>
public sealed class HttpServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping;

    private HttpServer(WebApplication app, CancellationTokenSource stopping, Uri url)
    {
        _app = app;
        _stopping = stopping;
        Url = url;
    }

    public Uri Url { get; }

    /// <summary>Every route there is, as <c>GET /v1/segments</c>; for tests.</summary>
    internal IReadOnlyList<string> Routes =>
    [
        .. ((IEndpointRouteBuilder)_app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().SelectMany(endpoint =>
            endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Select(method => $"{method} {endpoint.RoutePattern.RawText}") ?? []),
    ];

    internal static async Task<HttpServer> StartAsync(
        InsightOptions.HttpOptions options, IPEndPoint bind, ModelDefinition model, PrometheusText metrics, Action<HttpParts> map, ILoggerFactory logs, CancellationToken cancel)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(logs);
        builder.Services.AddRoutingCore();
        ServerCertificate? certificate = options.Tls is { } tls ? ServerCertificate.Load(tls) : null;
        if (certificate is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(bind, listen =>
            {
                if (certificate is not null)
                    listen.UseHttps(certificate.Options);
            });
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestBody.MaxTransferBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
        });
        WebApplication app = builder.Build();
        var stopping = new CancellationTokenSource();
        var keys = new ApiKeys(options.Keys, options.Rate, options.Burst);
        var personal = new PersonalData(model);

        app.Use(new Mishaps(logs.CreateLogger("StreamInsight")).HandleAsync);
        app.Use(new RequestTime(options.RequestTimeout).HandleAsync);
        if (keys.AreOff)
            app.Use(LoopbackOnly);
        map(new HttpParts(app, keys, personal, stopping.Token));
        metrics.Map(app, keys);
        OpenApi.Map(app);
        ConsoleFiles.Map(app);
        app.MapFallback(context => Problem.WriteAsync(context, 404, "There is nothing here.", $"{context.Request.Method} {context.Request.Path} is not known. See /openapi/v1.json."));
        try
        {
            await app.StartAsync(cancel);
        }
        catch (IOException error)
        {
            await app.DisposeAsync();
            throw new Pipeline.DependencyUnavailableException($"http: cannot listen on {bind}: {error.Message} Stop what uses that port, or give another with --http.", error);
        }
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new HttpServer(app, stopping, new Uri(address));
    }

    /// <summary>Accepts nothing more and lets what is under way finish; streams are ended.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _app.StopAsync(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _stopping.Dispose();
    }

    /// <summary>Without keys a web page in this machine's browser must not reach us under a name of its own (DNS rebinding).</summary>
    private static Task LoopbackOnly(HttpContext context, RequestDelegate next)
    {
        string host = context.Request.Host.Host.Trim('[', ']');
        return host is "localhost" or "" || (IPAddress.TryParse(host, out IPAddress? ip) && IPAddress.IsLoopback(ip))
            ? next(context)
            : Problem.WriteAsync(context, 403, "Not for this host name.", "Without keys this server answers to localhost and 127.0.0.1 only.");
    }
}
