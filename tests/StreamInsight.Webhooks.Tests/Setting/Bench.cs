using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using StreamInsight.Facts;
using StreamInsight.Pipeline;

namespace StreamInsight.Webhooks.Tests.Setting;

/// <summary>A sink for one subscriber with everything it touches, and short waits.</summary>
internal sealed class Bench : IUndelivered, IAsyncDisposable
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private readonly Meter _meter = new("test");
    private readonly MeterListener _listener = new();

    public Bench(Uri url, Func<WebhookOptions, WebhookOptions>? change = null, string secret = Secret)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, _meter))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Counted.AddOrUpdate(instrument.Name, value, (_, before) => before + value));
        _listener.Start();
        var options = new WebhookOptions { FirstDelay = TimeSpan.FromMilliseconds(5), LongestDelay = TimeSpan.FromMilliseconds(20), Timeout = TimeSpan.FromSeconds(5) };
        var metrics = new WebhookMetrics(_meter, () => []);
        Channel = new WebhookChannel(new Subscriber("crm", url, SigningSecrets.Parse(secret)!), change?.Invoke(options) ?? options, metrics, TimeProvider.System, NullLogger.Instance);
        NewSink = () => new WebhookSink(Channel, this, metrics, TimeProvider.System, NullLogger.Instance);
        Sink = NewSink();
    }

    public WebhookChannel Channel { get; }

    public WebhookSink Sink { get; }

    /// <summary>Of another partition.</summary>
    public Func<WebhookSink> NewSink { get; }

    /// <summary>How often nothing can be kept.</summary>
    public int RefusesToKeep { get; set; }

    public ConcurrentQueue<UndeliveredFact> Undelivered { get; } = new();

    public ConcurrentDictionary<string, long> Counted { get; } = new();

    public static OutboxFact Trigger(int number, string customer = "u1", long expiresAtMs = long.MaxValue, params string[] to) => new()
    {
        Position = number,
        Id = $"f{number}",
        Customer = customer,
        Seq = number,
        AtMs = 1_772_366_400_000,
        Kind = FactKind.Trigger,
        Cause = "event:m1",
        Subject = "save_me",
        To = to.Length == 0 ? ["crm"] : to,
        ExpiresAtMs = expiresAtMs,
        Line = Encoding.UTF8.GetBytes("{" + $"\"id\":\"f{number}\",\"customer\":{JsonSerializer.Serialize(customer)},\"seq\":{number},\"with\":" + "{}}"),
    };

    public void Keep(UndeliveredFact fact)
    {
        if (RefusesToKeep-- > 0)
            throw new DependencyUnavailableException("It is away.");
        Undelivered.Enqueue(fact);
    }

    public IReadOnlyList<(long Number, UndeliveredFact Fact)> Read(string subscriber, long after, int max) => throw new NotSupportedException();

    public async ValueTask DisposeAsync()
    {
        await Sink.DisposeAsync();
        Channel.Dispose();
        _listener.Dispose();
        _meter.Dispose();
    }
}
