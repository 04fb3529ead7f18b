using System.Text;
using System.Text.Json;
using StreamInsight.Pipeline;

namespace StreamInsight.Webhooks;

/// <summary>What is posted: <c>{"type":"TRIGGER","timestamp":"AT","data":FACT}</c>, the fact as replay writes it.</summary>
public static class WebhookBody
{
    public static byte[] Of(OutboxFact fact)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(fact.AtMs).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        return [.. Encoding.UTF8.GetBytes($"{{\"type\":\"{JsonEncodedText.Encode(fact.Subject!)}\",\"timestamp\":\"{at}\",\"data\":"), .. fact.Line.Span, (byte)'}'];
    }
}
