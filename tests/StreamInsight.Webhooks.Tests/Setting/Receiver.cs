using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace StreamInsight.Webhooks.Tests.Setting;

/// <summary>A subscriber of the test's own on this machine; answers as it is told.</summary>
internal sealed class Receiver : IDisposable
{
    private readonly HttpListener _listener;

    public Receiver()
    {
        while (true)
        {
            int port = FreePort();
            _listener = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
            try
            {
                _listener.Start();
                Url = new Uri($"http://127.0.0.1:{port}/hook");
                break;
            }
            catch (HttpListenerException)
            {
                // taken meanwhile
            }
        }
        _ = Task.Run(ServeAsync);
    }

    public Uri Url { get; }

    public ConcurrentQueue<Received> Got { get; } = new();

    /// <summary>Status of an answer; may wait. 200 by default.</summary>
    public Func<Received, Task<int>> Answer { get; set; } = _ => Task.FromResult(200);

    public string? RetryAfter { get; set; }

    public string? Location { get; set; }

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            _ = Task.Run(() => HandleAsync(context));
        }
    }

    private async Task HandleAsync(HttpListenerContext context)
    {
        using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
        var received = new Received(
            context.Request.Url!.AbsolutePath, context.Request.Headers["webhook-id"] ?? "", context.Request.Headers["webhook-timestamp"] ?? "",
            context.Request.Headers["webhook-signature"] ?? "", await reader.ReadToEndAsync());
        Got.Enqueue(received);
        int status = await Answer(received);
        try
        {
            context.Response.StatusCode = status;
            if (RetryAfter is not null)
                context.Response.Headers["Retry-After"] = RetryAfter;
            if (Location is not null)
                context.Response.Headers["Location"] = Location;
            context.Response.Close();
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
        {
            // the sender has gone
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public sealed record Received(string Path, string Id, string Timestamp, string Signature, string Body);
}
