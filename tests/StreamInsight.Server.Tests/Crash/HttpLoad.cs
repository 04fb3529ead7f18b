using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace StreamInsight.Server.Tests.Crash;

/// <summary>
/// Senders that post one message after the other, each again until it is acknowledged, wherever the service listens at the moment.
/// Messages are of a few customers who order, browse anonymously, sign in and are merged; from a seed.
/// </summary>
public sealed class HttpLoad
{
    private const int Senders = 4;

    private readonly ConcurrentBag<string> _acknowledged = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly List<Task> _senders = [];
    private volatile Uri? _url;

    public HttpLoad(int seed)
    {
        for (int sender = 0; sender < Senders; sender++)
        {
            var random = new Random(seed * Senders + sender);
            int number = sender;
            _senders.Add(Task.Run(() => SendAsync(number, random)));
        }
    }

    /// <summary>Ids of the messages that were answered with 200.</summary>
    public IReadOnlyCollection<string> Acknowledged => _acknowledged;

    /// <summary>Where the service listens; null = nowhere just now.</summary>
    public Uri? Url { get => _url; set => _url = value; }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_senders);
        _client.Dispose();
    }

    private async Task SendAsync(int sender, Random random)
    {
        for (int n = 0; !_stop.IsCancellationRequested; n++)
        {
            string id = string.Create(CultureInfo.InvariantCulture, $"m{sender}-{n}");
            byte[] body = Encoding.UTF8.GetBytes(LoadMessages.Next(id, "", random));
            while (!await TrySendAsync(body))
            {
                if (_stop.IsCancellationRequested)
                    return;
                await Task.Delay(5);
            }
            _acknowledged.Add(id);
        }
    }

    private async Task<bool> TrySendAsync(byte[] body)
    {
        if (_url is not { } url)
            return false;
        try
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using HttpResponseMessage answer = await _client.PostAsync(new Uri(url, "/v1/batch"), content);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException)
        {
            return false;
        }
    }
}
