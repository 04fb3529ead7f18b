using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StackExchange.Redis;

/// <summary>How a customer is to be routed, from Redis. A record that is missing or stale, and a Redis that does not answer, are the default.</summary>
public sealed class InsightReader(IConnectionMultiplexer redis, string? hashKey = null)
{
    public sealed record Insight(string? Customer, string Queue, double Score, string[] Reasons, string? Agent, string[] Skills, JsonElement Actions);

    public static readonly Insight Default = new(null, "general", 0, [], null, [], JsonDocument.Parse("[]").RootElement);

    public async Task<Insight> ByCustomerAsync(string customer)
    {
        try
        {
            var record = (await redis.GetDatabase().HashGetAllAsync($"si:c:{{{customer}}}")).ToDictionary(f => (string)f.Name!, f => (string)f.Value!);
            if (!record.TryGetValue("valid_until", out string? until) || DateTimeOffset.Parse(until, CultureInfo.InvariantCulture) <= DateTimeOffset.UtcNow)
                return Default;
            return new Insight(
                customer,
                record.GetValueOrDefault("queue") ?? Default.Queue,
                double.Parse(record["score"], CultureInfo.InvariantCulture),
                JsonSerializer.Deserialize<string[]>(record["reasons"])!,
                record.GetValueOrDefault("agent"),
                JsonSerializer.Deserialize<string[]>(record["skills"])!,
                JsonDocument.Parse(record["actions"]).RootElement);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return Default;
        }
    }

    public async Task<Insight> ByPhoneAsync(string phone)
    {
        try
        {
            string? customer = await redis.GetDatabase().StringGetAsync($"si:a:phone:{Alias(phone)}");
            return customer is null ? Default : await ByCustomerAsync(customer);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return Default;
        }
    }

    /// <summary>The digits behind one plus, a leading 00 left out; hashed where the service has a key.</summary>
    private string Alias(string phone)
    {
        string digits = string.Concat(phone.Where(char.IsAsciiDigit));
        if (!phone.Contains('+') && digits.StartsWith("00", StringComparison.Ordinal))
            digits = digits[2..];
        return hashKey is null ? "+" + digits : Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(hashKey), Encoding.UTF8.GetBytes("+" + digits)));
    }
}
