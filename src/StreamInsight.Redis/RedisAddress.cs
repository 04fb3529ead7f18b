using System.Globalization;
using StackExchange.Redis;
using StreamInsight.Pipeline;

namespace StreamInsight.Redis;

/// <summary>Reads <see cref="RedisOptions"/> into the client's settings.</summary>
internal static class RedisAddress
{
    /// <summary>Throws <see cref="DependencyUnavailableException"/> with one line when the address makes no sense.</summary>
    public static ConfigurationOptions Parse(RedisOptions options)
    {
        try
        {
            var settings = options.Address.Contains("://", StringComparison.Ordinal)
                ? FromUrl(new Uri(options.Address))
                : ConfigurationOptions.Parse(options.Address);
            if (!string.IsNullOrEmpty(options.User))
                settings = WithUser(settings, options.User);
            if (settings.EndPoints.Count == 0)
                throw new FormatException("it names no host");
            if (!string.IsNullOrEmpty(options.Password))
                settings.Password = options.Password;
            settings.Ssl |= options.Tls;
            if (options.CaFile is { } authorities)
            {
                settings.Ssl = true;
                settings.CertificateValidation += new TrustedAuthorities(authorities).Vouch;
            }
            settings.ClientName = "streaminsight";
            settings.ConnectTimeout = (int)options.ConnectTimeout.TotalMilliseconds;
            settings.SyncTimeout = (int)options.CommandTimeout.TotalMilliseconds;
            settings.ConnectRetry = 1;
            // We connect anew ourselves, and want to be told when that fails.
            settings.AbortOnConnectFail = true;
            return settings;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new DependencyUnavailableException($"redis: {options.CaFile} cannot be used: {FirstLine(e.Message)} Give a PEM file of certificates.", e);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw new DependencyUnavailableException(
                $"The Redis address '{WithoutSecret(options.Address)}' makes no sense ({FirstLine(e.Message)}). Write host:port, or redis://user:password@host:port/database.", e);
        }
    }

    /// <summary>For messages: the hosts only.</summary>
    public static string Describe(ConfigurationOptions settings) => string.Join(", ", settings.EndPoints.Select(point => Format(point)));

    private static ConfigurationOptions FromUrl(Uri url)
    {
        if (url.Scheme is not ("redis" or "rediss"))
            throw new FormatException($"'{url.Scheme}' is neither redis nor rediss");
        if (url.Host.Length == 0)
            throw new FormatException("it names no host");
        var parts = new List<string> { $"{url.Host}:{(url.Port < 0 ? 6379 : url.Port).ToString(CultureInfo.InvariantCulture)}" };
        string database = url.AbsolutePath.Trim('/');
        if (database.Length > 0)
            parts.Add($"defaultDatabase={database}");
        string[] secret = url.UserInfo.Split(':', 2).Select(Uri.UnescapeDataString).ToArray();
        if (secret.Length == 2 && secret[0].Length > 0)
            parts.Add($"user={secret[0]}"); // the older client knows no users, and says so
        var settings = ConfigurationOptions.Parse(string.Join(',', parts));
        if (secret.Length == 2)
            settings.Password = secret[1];
        settings.Ssl = url.Scheme == "rediss";
        return settings;
    }

    /// <summary>The older client knows no users, and says so.</summary>
    private static ConfigurationOptions WithUser(ConfigurationOptions settings, string user) =>
        user.Contains(',') ? throw new FormatException("a user's name has no comma") : ConfigurationOptions.Parse($"{settings.ToString(includePassword: true)},user={user}");

    private static string Format(System.Net.EndPoint point) => point switch
    {
        System.Net.DnsEndPoint dns => $"{dns.Host}:{dns.Port}",
        _ => point.ToString() ?? "",
    };

    private static string WithoutSecret(string address)
    {
        int at = address.LastIndexOf('@');
        int comma = address.IndexOf(',', StringComparison.Ordinal);
        return at >= 0 ? "…" + address[at..] : comma >= 0 ? address[..comma] : address;
    }

    private static string FirstLine(string text) => text.Split('\n')[0].Trim();
}
