using System.Globalization;
using System.Net.Http;
using System.Net.Http.Headers;
using StreamInsight.Pipeline;

namespace StreamInsight.Webhooks;

/// <summary>Posts to one subscriber: no redirects, no proxy, no cookies, and of the answer only its head is read.</summary>
internal sealed class WebhookClient : IDisposable
{
    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    private readonly Subscriber _subscriber;
    private readonly WebhookOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;

    public WebhookClient(Subscriber subscriber, WebhookOptions options, TimeProvider time)
    {
        _subscriber = subscriber;
        _options = options;
        _time = time;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = options.Timeout,
            MaxConnectionsPerServer = options.Concurrency,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 16 * 1024,
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectCallback = (context, cancel) => NetworkGuard.ConnectAsync(context, options, cancel),
        });
    }

    public async Task<Answer> PostAsync(OutboxFact fact, CancellationToken cancel)
    {
        byte[] body = WebhookBody.Of(fact);
        long now = _time.GetUtcNow().ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, _subscriber.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("StreamInsight", "1"));
        request.Headers.Add("webhook-id", fact.Id);
        request.Headers.Add("webhook-timestamp", now.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("webhook-signature", _subscriber.Secrets.Sign(fact.Id, now, body));

        using var tooLong = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(tooLong.Token, cancel);
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, either.Token);
            int status = (int)response.StatusCode;
            return new Answer(status, status is >= 200 and < 300 ? null : $"it answered {status}", AskedMs(response));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new Answer(0, $"no answer within {_options.Timeout.TotalSeconds:0.#} s", 0);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return new Answer(0, error.Message, 0);
        }
    }

    public void Dispose() => _http.Dispose();

    private long AskedMs(HttpResponseMessage response)
    {
        TimeSpan? asked = response.Headers.RetryAfter is { } header ? header.Delta ?? header.Date - _time.GetUtcNow() : null;
        return asked is { } span && span > TimeSpan.Zero ? (long)Math.Min(span.TotalMilliseconds, LongestAsked.TotalMilliseconds) : 0;
    }
}
